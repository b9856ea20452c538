import { isSound } from "../../src/serve/deno_listener.ts";
import { listenWithNode } from "../../src/serve/node_listener.ts";
import { testListener } from "../support/listener_contract.ts";

// Not used where Deno's own server is sound.
testListener("listenWithNode()", listenWithNode, isSound(Deno.version.deno));
