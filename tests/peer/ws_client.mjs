// A client of the Node package ws: ws_client.mjs URL [--ca FILE] [--no-deflate]
// Sends messages of every size class to an echo, one of them in fragments, and expects each back.
// Prints `ok N`, or what differed with code 1.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const WebSocket = createRequire(import.meta.url)('ws');
const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ca: { type: 'string' }, 'no-deflate': { type: 'boolean' } },
});

const bytes = (n) => Buffer.from(Array.from({ length: n }, (_, i) => (i * 7) % 256));
const messages = ['hello', '', 'é€😀', 'x'.repeat(125), 'x'.repeat(126), 'x'.repeat(65536)].map(
    (text) => ({ data: Buffer.from(text), binary: false }),
);
for (const n of [0, 1, 65535, 65536, 1 << 20]) messages.push({ data: bytes(n), binary: true });

function fail(why) {
    console.log(why);
    process.exit(1);
}

const socket = new WebSocket(positionals[0], {
    perMessageDeflate: !values['no-deflate'],
    ca: values.ca && readFileSync(values.ca),
});
let got = 0;
const expected = [...messages, { data: Buffer.from('in three parts'), binary: false }];

socket.on('open', () => {
    for (const { data, binary } of messages) socket.send(data, { binary });
    socket.send('in ', { fin: false });
    socket.send('three ', { fin: false });
    socket.send('parts', { fin: true });
});
socket.on('message', (data, binary) => {
    const want = expected[got++];
    if (binary !== want.binary || Buffer.compare(data, want.data) !== 0)
        fail(`message ${got} differs: ${data.length} bytes for ${want.data.length}`);
    if (got === expected.length) socket.close(1000, 'done');
});
socket.on('error', (error) => fail(`error ${error.message}`));
socket.on('close', (code) => {
    if (got !== expected.length) fail(`closed with ${code} after ${got} messages`);
    if (code !== 1000) fail(`closed with ${code}`);
    console.log(`ok ${got}`);
});
