/** A kind of unit: what a package offers of it is shown in one folder of the site. */
export interface Kind {
  /** Folder of its pages. */
  readonly id: KindId;
  /** Folder of its package under `packages/`. */
  readonly package: string;
  readonly title: string;
  /** What is said of them all, above the table. */
  readonly sentence: string;
  /** Groups of the table and of the sidebar, by the names of units; those of no group come last, under the title. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** It is about tensors, so a backend has to run it. */
  readonly tensors: boolean;
}

export type KindId =
  | 'losses'
  | 'distances'
  | 'miners'
  | 'samplers'
  | 'layers'
  | 'metrics'
  | 'index-engines'
  | 'plots'
  | 'augmenters';

const losses: Kind['groups'] = {
  'Pairs and triplets': [
    'contrastive',
    'tripletMargin',
    'multiSimilarity',
    'circle',
    'margin',
    'angular',
    'centroidTriplet',
    'dynamicSoftMargin',
    'generalizedLiftedStructure',
    'histogram',
    'intraPairVariance',
    'liftedStructure',
    'pn',
    'rankedList',
    'snrContrastive',
    'tupletMargin',
  ],
  'Softmax over the batch': ['supCon', 'nPairs', 'multipleNegativesRanking', 'instance', 'nca', 'softNearestNeighbor'],
  'Average precision': ['fastAp', 'smoothAp', 'pnp'],
  'A weight for each class': [
    'arcFace',
    'cosFace',
    'sphereFace',
    'subCenterArcFace',
    'largeMarginSoftmax',
    'normalizedSoftmax',
    'manifold',
    'p2sGrad',
    'proxyAnchor',
    'proxyNca',
    'softTriple',
  ],
  'Two views of an item': ['ntXent', 'clip', 'sigLip', 'barlowTwins', 'byol', 'dino', 'simSiam', 'vicReg'],
  'Around another loss': [
    'crossBatchMemory',
    'matryoshka',
    'multipleLosses',
    'selfSupervised',
    'thresholdConsistentMargin',
    'twoViews',
    'moveTowards',
    'regularized',
  ],
  Regularisers: ['lp', 'zeroMean', 'centerInvariant', 'regularFace', 'sparseCenters'],
};

/** Every kind, in the order of the site. */
export const kinds: readonly Kind[] = [
  {
    id: 'losses',
    package: 'losses',
    title: 'Losses',
    sentence:
      'What training makes small, each true to its paper. A loss takes labels and embeddings and gives one number.',
    groups: losses,
    tensors: true,
  },
  {
    id: 'distances',
    package: 'distances',
    title: 'Distances',
    sentence: 'How far apart two rows are, smaller is closer: the same in a loss, in an index and in a metric.',
    groups: {},
    tensors: true,
  },
  {
    id: 'miners',
    package: 'miners',
    title: 'Miners',
    sentence: 'Which pairs or triplets a loss looks at.',
    groups: {},
    tensors: true,
  },
  {
    id: 'samplers',
    package: 'samplers',
    title: 'Samplers',
    sentence: 'Batches that hold what a loss needs: several examples of a class, or two views of an item.',
    groups: {},
    tensors: true,
  },
  {
    id: 'layers',
    package: 'layers',
    title: 'Layers',
    sentence: 'Layers of tfjs for embedding models.',
    groups: {},
    tensors: true,
  },
  {
    id: 'metrics',
    package: 'metrics',
    title: 'Metrics',
    sentence: 'How good an embedding or a threshold is, in numbers: typed arrays in, numbers out.',
    groups: {
      Retrieval: ['retrieval', 'recallAtK', 'precisionAtK', 'rPrecision', 'mapAtR'],
      'Classification at a threshold': [
        'precision',
        'recall',
        'f1Score',
        'binaryAccuracy',
        'falsePositiveRate',
        'negativePredictiveValue',
        'classificationMetric',
      ],
      'From neighbours to a label': ['matchNearest', 'matchMajorityVote', 'matcher', 'countMatches', 'confusionMatrix'],
      Calibration: ['calibrate', 'calibrationToJson', 'calibrationFromJson'],
    },
    tensors: false,
  },
  {
    id: 'index-engines',
    package: 'index',
    title: 'Index and engines',
    sentence: 'Vectors under ids, and the engines that find the closest of them.',
    groups: {
      'An index': ['createIndex', 'openIndex', 'indexFromBytes', 'estimateBytes'],
      Engines: ['autoEngine', 'flatEngine', 'hnswEngine', 'ivfEngine'],
      'Engines around engines': ['workerEngine', 'serveEngine', 'shardedEngine'],
      Files: ['readNpy', 'writeNpy', 'importHnswlib'],
    },
    tensors: false,
  },
  {
    id: 'plots',
    package: 'visualization',
    title: 'Plots',
    sentence: 'Pictures of neighbours, calibrations, confusions and runs, as SVG, and as PNG in Node.',
    groups: {},
    tensors: false,
  },
  {
    id: 'augmenters',
    package: 'augmenters',
    title: 'Augmenters',
    sentence: 'Changes of images at random, each batch anew, from a seed.',
    groups: {},
    tensors: false,
  },
];
