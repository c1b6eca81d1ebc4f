/** An example of the playground. */
export interface ListedExample {
  /** Its file, beside this one. */
  readonly file: string;
  /** Its first line. */
  readonly title: string;
  /** Its second line: what one sees. */
  readonly about: string;
}

/** Examples that belong together, in the order of the playground's tree. A test holds the list against the files. */
export const groups: readonly { readonly title: string; readonly examples: readonly ListedExample[] }[] = [
  {
    title: 'Begin',
    examples: [
      {
        file: '01-twenty-lines.ts',
        title: 'Twenty lines: train, index, look up',
        about: 'A small network learns ten digits, and finds the nearest of 2,000 for one that it has not seen.',
      },
      {
        file: '02-trained-model.ts',
        title: 'A model that was trained before',
        about: 'A network from a file indexes 2,000 digits and recognises 500 others, without a step of training.',
      },
      {
        file: '03-any-encoder.ts',
        title: 'Any encoder: names by their letters',
        about:
          'A function turns names into vectors, here by groups of three letters; the model finds the nearest, misspelt or not.',
      },
    ],
  },
  {
    title: 'Losses',
    examples: [
      {
        file: '04-triplet-and-multi-similarity.ts',
        title: 'Triplet margin against multi-similarity',
        about:
          'The same network, batches and steps on clothes, once with each loss: what they cost, and how much is found.',
      },
      {
        file: '05-sup-con.ts',
        title: 'SupCon: many positives at once',
        about:
          'Supervised contrastive learning pulls all of a class together, batch by batch; the map shows the classes part.',
      },
      {
        file: '06-arc-face.ts',
        title: 'ArcFace: a direction for each class',
        about:
          'The loss owns one weight vector a class and trains it along; afterwards classes nobody trained are found as well.',
      },
      {
        file: '07-proxy-anchor.ts',
        title: 'Proxy-Anchor: proxies learn faster',
        about:
          "Each class has a proxy that pulls its rows; the proxies learn at a rate of their own, a hundred times the network's.",
      },
      {
        file: '08-multi-label.ts',
        title: 'Several labels at once',
        about:
          'Rows belong together when they share a label; a matrix, a list of pairs or a function may say so in place of class ids.',
      },
      {
        file: '09-matryoshka.ts',
        title: 'Matryoshka: embeddings that may be cut',
        about:
          'The loss counts at 4, 8 and 32 values at once, so the first few values of an embedding find nearly as much as all.',
      },
      {
        file: '10-regularizers.ts',
        title: 'Regularisers: a price on embeddings',
        about: 'The same training twice, once with a price on the length of embeddings that are not normalised.',
      },
    ],
  },
  {
    title: 'Batches, miners, views',
    examples: [
      {
        file: '11-hard-negatives.ts',
        title: 'Hard negatives of a whole data set',
        about:
          "An index finds the digits that a model takes for another's neighbours: what to train on next, or to label again.",
      },
      {
        file: '12-cross-batch-memory.ts',
        title: 'Cross-batch memory: small batches, many pairs',
        about:
          'A contrastive loss sees the 20 rows of its batch, or 500 rows of the batches before as well, at hardly any cost.',
      },
      {
        file: '13-balanced-batches.ts',
        title: 'Balanced batches: classes and examples',
        about:
          'Each batch holds so many classes and so many examples of each; mirrored digits can be classes of their own.',
      },
      {
        file: '14-augmenters.ts',
        title: 'Augmenters: one digit, many ways',
        about:
          'Turned, scaled, sheared, moved, bent: each picture shows a digit and six warps of it, and how far apart their pixels are.',
      },
      {
        file: '15-sim-clr.ts',
        title: 'SimCLR: learning without labels',
        about:
          'Two warped views of each digit must find each other among all; no label is seen, and yet like digits come together.',
      },
    ],
  },
  {
    title: 'Recognise, and know when not',
    examples: [
      {
        file: '16-calibration-and-unknown.ts',
        title: 'Calibration: when to say unknown',
        about:
          'Eight digits are indexed; a distance is found up to which a match is believed, and eights and nines come out unknown.',
      },
      {
        file: '17-new-class-in-five-shots.ts',
        title: 'A new class in five shots',
        about:
          'The network never saw an eight. Five of them go into the index under their name, and the others are recognised.',
      },
      {
        file: '18-confusion-matrix.ts',
        title: 'What is taken for what, and what for nothing',
        about: 'A confusion matrix with a column for unknown: which classes are mixed up, and which are refused.',
      },
      {
        file: '19-retrieval-metrics.ts',
        title: 'Recall@k, precision@k, MAP@R',
        about: 'The figures of metric learning papers, of embeddings small enough to check on paper.',
      },
    ],
  },
  {
    title: 'Search',
    examples: [
      {
        file: '20-filters.ts',
        title: 'Filters: neighbours that pass a test',
        about:
          'Labels, ids, members of the data or a function decide which records may come back; k come whenever k pass.',
      },
      {
        file: '21-precisions-and-recall.ts',
        title: 'Precisions: fewer bits, what they cost',
        about:
          'A graph over 4,000 vectors with codes of 32, 16, 8, 4 bits and 1 bit a value: recall, time of a search, memory.',
      },
      {
        file: '22-radius.ts',
        title: 'Radius search: near enough, however many',
        about:
          'All digits within a distance come back, few or many: near duplicates in a data set, found with one call.',
      },
      {
        file: '23-tune-recall.ts',
        title: 'Tune: as fast as a recall allows',
        about:
          'An index of partitions finds how hard it must look for the share of true neighbours that you want, on your own queries.',
      },
      {
        file: '24-merge-and-change.ts',
        title: 'Add, replace, remove, merge',
        about: 'An index changes while it is searched: records come and go by their ids, and two indices become one.',
      },
      {
        file: '25-npy-vectors.ts',
        title: 'Vectors of NumPy',
        about:
          'A .npy file holds embeddings that were made elsewhere: written, read, indexed and searched. Drop one of your own here.',
      },
      {
        file: '26-save-and-reload.ts',
        title: 'Save, reload, compare',
        about:
          'A model with its index and calibration becomes one file; what is read back gives the same answers to the last bit.',
      },
    ],
  },
  {
    title: 'Look',
    examples: [
      {
        file: '27-map-of-10000-points.ts',
        title: 'A map of 10,000 points',
        about:
          'Two thousand digits, each warped in five ways, are embedded and drawn in the plane, where they differ most.',
      },
      {
        file: '28-neighbor-strips.ts',
        title: 'Neighbour strips: look before you count',
        about:
          'Clothes and their nearest by pixels: blue with a tick where the class is the same, dashed with a cross where not.',
      },
    ],
  },
  {
    title: 'Of your own',
    examples: [
      {
        file: '29-your-own-loss.ts',
        title: 'A loss of your own',
        about:
          'A formula of four lines becomes a loss: shapes are checked, tensors freed, a batch on paper agrees, and it trains.',
      },
      {
        file: '30-checks-of-a-loss.ts',
        title: 'Checks of a loss: what is wrong with it',
        about:
          'The suite that our losses pass runs on one of yours: on paper, against a plain loop, gradients, edges, leaks, errors.',
      },
      {
        file: '31-your-own-distance.ts',
        title: 'A distance of your own',
        about:
          'Canberra distance from its formula: values on paper, the checks that ours pass, and a loss that pulls on it.',
      },
      {
        file: '32-your-own-plugin.ts',
        title: 'A plugin of your own',
        about: 'A package offers its losses and distances as plain data; a registry knows them by name beside ours.',
      },
    ],
  },
  {
    title: 'Running',
    examples: [
      {
        file: '33-backends.ts',
        title: 'Backends: which one computes, and why',
        about:
          'Each backend that is here must get known gradients right and is timed; the report says what was chosen.',
      },
      {
        file: '34-who-owns-a-tensor.ts',
        title: 'Who owns a tensor',
        about:
          'What you make is yours to free, and so are batches and results; nothing that Simile makes on the way is left behind.',
      },
      {
        file: '35-same-seed-same-numbers.ts',
        title: 'The same seed, the same numbers',
        about:
          'Two trainings from one seed end in the same weights to the last bit, and a third from another seed does not.',
      },
      {
        file: '36-collapse.ts',
        title: 'Collapse: when everything becomes alike',
        about:
          'A loss that only pulls together is best served by one point for all; the monitor sees it coming and stops.',
      },
    ],
  },
];
