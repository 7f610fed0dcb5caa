// The files of the package: checksummed safetensors (https://huggingface.co/docs/safetensors). These are the very files that ship.

const half = new Float32Array(65536);   // every float16 there is
for (let i = 0; i < 65536; i++) {
  const sign = i >> 15 ? -1 : 1, exponent = i >> 10 & 31, part = i & 1023;
  half[i] = exponent == 31 ? NaN : sign*(exponent ? 2**(exponent - 15)*(1 + part/1024) : 2**-14*part/1024);
}

/** Fetch a file, and tell how many bytes have come. */
export async function fetchBytes(url, came = () => {}) {
  const answer = await fetch(url).catch(() => { throw new Error('the network did not answer'); });
  if (!answer.ok) throw new Error(`the server said ${answer.status}`);
  const parts = [], reader = answer.body.getReader();
  for (let got = 0; ;) {
    const {done, value} = await reader.read();
    if (done) break;
    parts.push(value);
    came(got += value.length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Are these exactly the bytes that were checksummed? Where a page may not compute digests (plain http), nobody asks. */
async function checkSeal(bytes, head) {
  if (!globalThis.crypto?.subtle) return;
  const found = head.match(/sha256:([0-9a-f]{64})/);
  if (!found) throw new Error('it carries no digest');
  const unsealed = bytes.slice();
  unsealed.fill(48, 8 + found.index + 7, 8 + found.index + 71);   // zeros stand where the digest will
  const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', unsealed))].map(b => b.toString(16).padStart(2, '0')).join('');
  if (digest != found[1]) throw new Error('its bytes do not have the digest they carry');
}

/** name -> {shape, values}, and the file's own words in `about`. */
export async function readTensors(bytes) {
  if (bytes.length < 8) throw new Error('it is no safetensors file');
  const n = new DataView(bytes.buffer).getUint32(0, true);
  let head, text;
  try { text = String.fromCharCode(...bytes.subarray(8, 8 + n)); head = JSON.parse(text); }
  catch { throw new Error('it is no safetensors file'); }
  await checkSeal(bytes, text);
  const about = JSON.parse(head.__metadata__.vqfashion), tensors = {};
  delete head.__metadata__;
  for (const [name, {dtype, shape, data_offsets: [from, to]}] of Object.entries(head)) {
    const raw = bytes.slice(8 + n + from, 8 + n + to).buffer;
    if (dtype == 'F16') tensors[name] = {shape, values: Float32Array.from(new Uint16Array(raw), v => half[v])};
    if (dtype == 'F32') tensors[name] = {shape, values: new Float32Array(raw)};
  }
  return {tensors, about};
}
