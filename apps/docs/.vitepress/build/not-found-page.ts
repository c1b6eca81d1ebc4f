/**
 * The page a host shows for addresses that are not there. It may be shown at any depth, so it holds all it needs, and looks for the site from the
 * folder it was asked for upwards.
 */
export const notFoundPage: string = `<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Not here · Simile</title>
<style>
:root { color-scheme: light dark; font: 16px/1.6 Inter, system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; text-align: center; padding: 24px; box-sizing: border-box }
p { margin: 0 0 16px; max-width: 32rem }
h1 { font-weight: 600; font-size: 28px }
a { color: light-dark(#4a3fb5, #b3adff) }
</style>
</head>
<body>
<main>
<h1>There is no such page</h1>
<p>It may have moved. <a id="home" href="./">Go to the first page</a></p>
</main>
<script>
(async () => {
  const home = document.getElementById('home');
  for (let at = new URL('./', location.href); ; at = new URL('../', at)) {
    const found = await fetch(new URL('hashmap.json', at)).then((answer) => answer.ok && answer.json(), () => false).catch(() => false);
    if (found || at.pathname === '/') { home.href = at.href; return; }
  }
})();
</script>
</body>
</html>
`;
