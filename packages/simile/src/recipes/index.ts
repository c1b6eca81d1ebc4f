export { arcFaceRecipe } from './arc-face.ts';
export type { Recipe, RecipeOptions, WideRecipeOptions } from './contract.ts';
export { crossBatchMemoryRecipe, type CrossBatchMemoryRecipeOptions } from './cross-batch-memory.ts';
export { multiSimilarityRecipe } from './multi-similarity.ts';
export { proxyAnchorRecipe } from './proxy-anchor.ts';
export { simClrRecipe, type SimClrRecipeOptions } from './sim-clr.ts';
export { supConRecipe, type SupConRecipeOptions } from './sup-con.ts';
export { tripletSemiHardRecipe } from './triplet-semi-hard.ts';
