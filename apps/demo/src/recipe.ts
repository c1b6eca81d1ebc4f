export { digitOrder, first, lastOfEach, trainedDigits, unseenDigits } from '../../../packages/simile/src/hello-world/classes.ts';
export { simileRecipe } from '../../../packages/simile/src/hello-world/recipe.ts';
