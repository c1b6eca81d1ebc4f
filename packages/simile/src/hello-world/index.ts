export { digitOrder, lastOfEach, trainedDigits, unseenDigits, type Part } from './classes.ts';
export { figureNames, figureRows, figureTable, type FigureRow } from './figure-table.ts';
export { evaluate, type Evaluation, type Figures } from './figures.ts';
export { recipes, simileRecipe, tensorFlowSimilarityRecipe, type Recipe } from './recipe.ts';
export { publishedFigures, tensorFlowSimilarity, type ReferenceFigures, type Spread } from './reference.ts';
export { helloWorld, type HelloWorldOptions, type HelloWorldResult, type Progress } from './run.ts';
