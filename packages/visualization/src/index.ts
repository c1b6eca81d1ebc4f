export type { ClassNames, Label } from './class-names.ts';
export { drawCalibration, type DrawCalibrationOptions, type DrawnCalibration } from './draw-calibration.ts';
export {
  drawConfusionMatrix,
  type DrawConfusionMatrixOptions,
  type DrawnConfusionMatrix,
} from './draw-confusion-matrix.ts';
export { drawCurve, type DrawCurveOptions } from './draw-curve.ts';
export {
  drawNeighbors,
  type DrawNeighborsOptions,
  type DrawnMatch,
  type DrawnNeighbor,
  type QueryLabel,
} from './draw-neighbors.ts';
export { drawScatter, type DrawScatterOptions } from './draw-scatter.ts';
export type { ArrayImage, ImageLike, Pixels, TensorImage } from './images/pixels.ts';
export type { Picture, PictureOptions, PngOptions } from './picture.ts';
export {
  principalComponents,
  type PrincipalComponents,
  type PrincipalComponentsOptions,
} from './principal-components.ts';
export { reportPage, type ReportPageOptions, type ReportSection, type ReportTable } from './report-page.ts';
export type { Role } from './scene/palette.ts';
export type { GroupShape, ImageShape, Paint, PathShape, RectShape, Scene, Shape, TextShape } from './scene/scene.ts';
export type { Theme } from './scene/scene-to-svg.ts';
export { stackPictures } from './stack-pictures.ts';
