import type { Role } from './palette.ts';
import type { Pixels } from '../images/pixels.ts';

/** What every painted shape may have. */
export interface Paint {
  readonly fill?: Role;
  readonly stroke?: Role;
  /** Pixels. Default 1. */
  readonly strokeWidth?: number;
  /** Lengths of dashes and gaps, pixels. */
  readonly dash?: readonly number[];
  /** 0 to 1. */
  readonly opacity?: number;
}

/** A rectangle, its corners rounded by `radius` pixels. */
export interface RectShape extends Paint {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius?: number;
}

/** A line or outline. */
export interface PathShape extends Paint {
  readonly kind: 'path';
  /** Commands of an SVG path. */
  readonly commands: string;
}

/** A text on one line. */
export interface TextShape {
  readonly kind: 'text';
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  readonly text: string;
  readonly fill: Role;
  /** Pixels. */
  readonly size: number;
  readonly bold?: boolean;
  /** Default `start`. */
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Turned a quarter to the left, around its own place. */
  readonly upward?: boolean;
}

/** An image, stretched to its place. */
export interface ImageShape {
  readonly kind: 'image';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
}

/** Shapes that move together, `x` and `y` the place of their origin. */
export interface GroupShape {
  readonly kind: 'group';
  readonly x: number;
  readonly y: number;
  /** Shown on hover, and read out. */
  readonly title?: string;
  readonly shapes: readonly Shape[];
}

/** What a picture is made of, in CSS pixels from the top left corner; SVG and canvas draw the same. */
export type Shape = RectShape | PathShape | TextShape | ImageShape | GroupShape;

/** A whole picture before it is written. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** What it is, in a line. */
  readonly title: string;
  /** What it shows, for those who cannot see it. */
  readonly description: string;
  readonly shapes: readonly Shape[];
}
