// House rules that no stock lint rule can say. Loaded by .oxlintrc.json as the plugin "simile".

/** Files that may import @tensorflow/*: the seam, what extends TensorFlow.js itself, and tests. Types are free. */
const SEAM = [
  /\/packages\/core\/src\/(ops|backend)(\/[^/]+|-[a-z-]+)?\.ts$/,
  /\/packages\/(backend-wasm|layers|models|testing|simile)\//,
  /\/apps\//,
  /\/tooling\//,
  /\.(test|test-d|browser\.test)\.ts$/,
  /\/packages\/[^/]+\/test\//,
];

const seam = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = context.filename.replaceAll('\\', '/');
    if (SEAM.some((allowed) => allowed.test(file))) return {};
    const check = (node, source) => {
      if (!String(source?.value ?? '').startsWith('@tensorflow/')) return;
      context.report({
        node,
        message: `Import tensor operations from '@simile/core/ops', not from '${source.value}'.`,
      });
    };
    return {
      ImportDeclaration(node) {
        if (node.importKind !== 'type') check(node, node.source);
      },
      ExportNamedDeclaration(node) {
        if (node.exportKind !== 'type') check(node, node.source);
      },
      ExportAllDeclaration(node) {
        if (node.exportKind !== 'type') check(node, node.source);
      },
      ImportExpression(node) {
        check(node, node.source);
      },
    };
  },
};

// Methods that only a tensor has; names shared with arrays, sets and Math are left alone.
const CHAINED = new Set(
  `asScalar as1D as2D as3D as4D argMax argMin batchNorm clipByValue concat2d conv2d cumsum depthwiseConv2d elu erf expandDims
   floorDiv gather greaterEqual lessEqual logicalAnd logicalNot logicalOr logSigmoid logSoftmax logSumExp matMul maximum
   minimum notEqual oneHot reciprocal relu relu6 rsqrt selu softmax softplus squaredDifference squeeze stridedSlice toBool
   toFloat toInt topk unsortedSegmentSum unstack zerosLike onesLike`.split(/\s+/),
);
// What stands left of the dot when the call is a namespace's function, not a tensor's method.
const NAMESPACE = /^(tf|tfc|ops|tensorflow|layers|tfl|math|kernels|backend)$/;

const chained = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      CallExpression({ callee }) {
        if (callee.type !== 'MemberExpression' || callee.computed || !CHAINED.has(callee.property.name)) return;
        const { object } = callee;
        if (object.type === 'Identifier' && NAMESPACE.test(object.name)) return;
        if (object.type === 'MemberExpression' && NAMESPACE.test(object.property.name)) return;
        const { name } = callee.property;
        const message = `tfjs-core alone has no chained methods: call ${name}(tensor, …) from '@simile/core/ops', not tensor.${name}(…).`;
        context.report({ node: callee.property, message });
      },
    };
  },
};

const marker = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      BinaryExpression(node) {
        if (node.operator !== 'instanceof' || node.right.name !== 'SimileError') return;
        const message = 'Two copies of a package have two classes: use SimileError.is(error), not instanceof.';
        context.report({ node, message });
      },
    };
  },
};

export default {
  meta: { name: 'simile' },
  rules: { 'tensor-seam': seam, 'no-chained-tensor-methods': chained, 'no-instanceof-simile-error': marker },
};
