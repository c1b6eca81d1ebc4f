// A plugin of your own
// A package offers its losses and distances as plain data; a registry knows them by name beside ours.
import { createRegistry, defineDistance, definePlugin, defineLoss, pairMasks } from '@simile/core';
import { abs, div, expandDims, max, maximum, mul, sub, sum, tensor1d, tensor2d } from '@simile/core/ops';
import { distancesPlugin, lossesPlugin, selectBackend } from 'simile';
import type { Distance, Loss } from 'simile';

/** The largest difference, as a king moves. */
const king = (): Distance => defineDistance('king', (a, b) => max(abs(sub(expandDims(a, 1), expandDims(b, 0))), 2));

/** Mean distance of positive pairs, as kings move. */
function pull(): Loss {
  return defineLoss('pull', {}, (labels, embeddings) => {
    const { positive } = pairMasks(labels, embeddings.shape[0]);
    return div(sum(mul(king()(embeddings), positive)), maximum(sum(positive), 1));
  });
}

const chess = definePlugin({
  spec: 1,
  name: 'chess',
  losses: { pull },
  distances: { king },
  aliases: { KingDistance: 'king' },
});

const registry = createRegistry([lossesPlugin, distancesPlugin, chess]);
console.log(registry.ids('losses').includes('pull'), registry.ids('losses').includes('triplet-margin')); // → true true

await selectBackend();
const board = tensor2d([
  [0, 0],
  [3, 7],
  [1, 1],
]);
const moves = await registry.distance('KingDistance')(board).array();
console.log(moves[0]?.join(' ')); // → 0 7 1
const loss = registry.loss('pull');
console.log(await loss(tensor1d([0, 0, 1], 'int32'), board).array()); // → 7

// Two plugins that claim one name are refused, and so is a name nobody has.
const other = definePlugin({ spec: 1, name: 'checkers', distances: { king } });
for (const act of [() => createRegistry([chess, other]), () => registry.loss('push')]) {
  try {
    act();
  } catch (error) {
    console.log((error as { code: string }).code); // → ERR_PLUGIN ERR_OPTION
  }
}
