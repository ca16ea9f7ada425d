// An echo server of the Node package ws: ws_echo.mjs [--deflate] [--cert FILE --key FILE]
// Prints `port N` once it listens and `close CODE REASON` for every client that leaves.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { WebSocketServer } = createRequire(import.meta.url)('ws'); // require() heeds NODE_PATH
const { values } = parseArgs({
    options: {
        cert: { type: 'string' },
        key: { type: 'string' },
        deflate: { type: 'boolean' },
    },
});

const server = values.cert
    ? createTlsServer({ cert: readFileSync(values.cert), key: readFileSync(values.key) })
    : createServer();
const sockets = new WebSocketServer({
    server,
    perMessageDeflate: Boolean(values.deflate),
    handleProtocols: (offered) => (offered.has('chat') ? 'chat' : false),
});

sockets.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    socket.on('close', (code, reason) => console.log(`close ${code} ${reason}`));
    socket.on('error', (error) => console.log(`error ${error.message}`));
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
