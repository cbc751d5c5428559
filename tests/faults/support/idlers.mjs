/** A process of connections that were used once and then say nothing. */
import net from "node:net";

const [port, count] = process.argv.slice(2).map(Number);
let answered = 0;
let closed = 0;

function join() {
  const socket = net.connect(port, "127.0.0.1", () =>
    socket.write("GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"),
  );
  socket.once("data", () => {
    answered += 1;
    if (answered === count) process.send({ answered });
    else if (answered + 200 <= count) join();
  });
  socket.once("close", () => {
    closed += 1;
  });
  socket.on("error", () => {});
}

for (let number = 0; number < Math.min(200, count); number++) join();
process.on("message", () => process.send({ answered, closed }));
process.on("disconnect", () => process.exit());
