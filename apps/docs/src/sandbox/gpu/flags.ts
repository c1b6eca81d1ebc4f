/** Numbers of WebGPU's flags, as programs have them by name where it is there. */
export const GPU_FLAGS = {
  GPUBufferUsage: {
    MAP_READ: 0x1,
    MAP_WRITE: 0x2,
    COPY_SRC: 0x4,
    COPY_DST: 0x8,
    INDEX: 0x10,
    VERTEX: 0x20,
    UNIFORM: 0x40,
    STORAGE: 0x80,
    INDIRECT: 0x100,
    QUERY_RESOLVE: 0x200,
  },
  GPUMapMode: { READ: 0x1, WRITE: 0x2 },
  GPUShaderStage: { VERTEX: 0x1, FRAGMENT: 0x2, COMPUTE: 0x4 },
  GPUTextureUsage: {
    COPY_SRC: 0x1,
    COPY_DST: 0x2,
    TEXTURE_BINDING: 0x4,
    STORAGE_BINDING: 0x8,
    RENDER_ATTACHMENT: 0x10,
  },
} as const;

class GPUBuffer {}
class GPUTexture {}

/** What programs ask with `instanceof` of objects that stand for those of the GPU. */
export const GPU_CLASSES: { GPUBuffer: new () => object; GPUTexture: new () => object } = { GPUBuffer, GPUTexture };
