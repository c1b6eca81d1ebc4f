/** What an object of the GPU can do; `plain` ones are only passed on. */
export type GpuKind =
  | 'gpu'
  | 'adapter'
  | 'device'
  | 'queue'
  | 'buffer'
  | 'texture'
  | 'pipeline'
  | 'querySet'
  | 'encoder'
  | 'pass'
  | 'plain';

/** How a call on an object of the GPU crosses from the worker to the frame. */
export type Crossing =
  /** Gives nothing back. */
  | 'send'
  /** Gives an object of this kind at once, which has a number from then on. */
  | { readonly makes: GpuKind }
  /** Gives an object of this kind later, or a value. */
  | { readonly answers: GpuKind | 'value' };

/** The parts of WebGPU that computing takes; nothing that draws. */
export const GPU_METHODS: Readonly<Record<GpuKind, Readonly<Record<string, Crossing>>>> = {
  gpu: { requestAdapter: { answers: 'adapter' } },
  adapter: { requestDevice: { answers: 'device' } },
  device: {
    createBuffer: { makes: 'buffer' },
    createTexture: { makes: 'texture' },
    createSampler: { makes: 'plain' },
    createBindGroup: { makes: 'plain' },
    createBindGroupLayout: { makes: 'plain' },
    createPipelineLayout: { makes: 'plain' },
    createShaderModule: { makes: 'plain' },
    createComputePipeline: { makes: 'pipeline' },
    createComputePipelineAsync: { answers: 'pipeline' },
    createCommandEncoder: { makes: 'encoder' },
    createQuerySet: { makes: 'querySet' },
    pushErrorScope: 'send',
    popErrorScope: { answers: 'value' },
    destroy: 'send',
  },
  queue: {
    submit: 'send',
    writeBuffer: 'send',
    writeTexture: 'send',
    onSubmittedWorkDone: { answers: 'value' },
  },
  // Mapping is not here: its memory is on one side, so that both sides have code of their own for it.
  buffer: { destroy: 'send' },
  texture: { createView: { makes: 'plain' }, destroy: 'send' },
  pipeline: { getBindGroupLayout: { makes: 'plain' } },
  querySet: { destroy: 'send' },
  encoder: {
    beginComputePass: { makes: 'pass' },
    copyBufferToBuffer: 'send',
    copyBufferToTexture: 'send',
    copyTextureToBuffer: 'send',
    copyTextureToTexture: 'send',
    clearBuffer: 'send',
    resolveQuerySet: 'send',
    finish: { makes: 'plain' },
  },
  pass: {
    setPipeline: 'send',
    setBindGroup: 'send',
    dispatchWorkgroups: 'send',
    dispatchWorkgroupsIndirect: 'send',
    end: 'send',
  },
  plain: {},
};
