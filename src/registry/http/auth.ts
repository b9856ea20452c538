/**
 * Logs in where a registry asks for it.
 *
 * @module
 */
import { messageOf, RegError } from "../../base/errors.ts";
import { type Log, silent } from "../../base/log.ts";
import { SingleFlight } from "../../base/single_flight.ts";
import { untilAborted } from "../../base/until_aborted.ts";
import type {
  CallOptions,
  Layer,
  RegistryRequest,
  Transport,
} from "../core.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import { askHelper, type Login } from "./credential_helper.ts";
import type { HostConfig, HostLookup } from "./hosts.ts";
import { discard } from "./responses.ts";
import { coversScopes, mergeScopes } from "./scope.ts";
import { basicHeader, fetchToken, type Token } from "./token.ts";
import { originOf, urlOf } from "./url.ts";

/** Options for {@linkcode auth}. */
export interface AuthOptions {
  /** Finds the settings of a host. */
  readonly hosts: HostLookup;
  /** Names this program to token servers. */
  readonly clientId: string;
  /** Told about challenges, without secrets. */
  readonly log?: Log | undefined;
  /** Variables for credential helpers, beside those of this process. */
  readonly helperEnv?: Readonly<Record<string, string>> | undefined;
  /** Asks a credential helper. @default {askHelper} */
  readonly helper?: typeof askHelper | undefined;
}

/**
 * Answers 401 with what the registry asks for, and from then on sends it along.
 * Credentials go to the configured host and to the token server that this host
 * names, nowhere else. A 401 that remains is passed up.
 */
export function auth(options: AuthOptions): Layer {
  const sessions = new Map<string, Session>();
  return (next) => async (request) => {
    const host = options.hosts.get(request.registry);
    const url = urlOf(request, host);
    if (
      request.kind === "token" || url.origin !== new URL(originOf(host)).origin
    ) {
      return await next(request);
    }
    const key = JSON.stringify(
      host.repoAuth ? [host.name, request.repository] : [host.name],
    );
    const session = sessions.get(key) ?? new Session(host, next, options);
    sessions.set(key, session);
    return await session.send(request, url);
  };
}

/** Where a host's tokens come from. */
interface Bearer {
  readonly realm: URL;
  readonly service: string;
}

/** A token, what it was asked for, and whether any answer has been seen with it. */
interface Held {
  readonly token: Token;
  readonly scopes: readonly string[];
}

/** What a request was sent with. */
type Proof =
  | { readonly scheme: "none" }
  | { readonly scheme: "basic"; readonly header: string }
  | {
    readonly scheme: "bearer";
    readonly header: string;
    readonly held: Held;
    readonly isNew: boolean;
  };

/** A login is no use after this many challenges to one request. */
const CHALLENGES = 3;
/** How long a helper that failed is left alone, in milliseconds. */
const HELPER_PAUSE_MS = 5_000;
const HOUR_MS = 3_600_000;

/** How one host, or one repository of it, is logged in to. */
class Session {
  readonly #host: HostConfig;
  readonly #next: Transport;
  readonly #options: AuthOptions;
  readonly #flights = new SingleFlight<string, Held>();
  readonly #logins = new SingleFlight<"", Login>();
  #held: readonly Held[] = [];
  #refreshToken = "";
  #basic = false;
  #bearer: Bearer | undefined;
  #login: Login;
  #loginUntil = 0;

  constructor(host: HostConfig, next: Transport, options: AuthOptions) {
    this.#host = host;
    this.#next = next;
    this.#options = options;
    const { user = "", pass = "", token = "" } = host;
    this.#login = { user, pass, token };
  }

  async send(request: RegistryRequest, url: URL): Promise<Response> {
    const scopes = scopesOf(request, this.#host);
    let proof = await this.#prove(scopes, request);
    for (let challenged = 0;; challenged++) {
      const response = await this.#next(withProof(request, proof));
      const isOurs = response.status === 401 &&
        new URL(response.url).origin === url.origin;
      if (!isOurs || challenged === CHALLENGES) return response;
      const challenges = this.#read(response);
      const wanted = mergeScopes([...scopes, ...scopesIn(challenges)]);
      if (!(await this.#adopt(challenges, { url, proof, wanted, request }))) {
        return response;
      }
      await discard(response);
      proof = await this.#prove(wanted, request);
    }
  }

  /** What to send along, by what is known of the host. */
  async #prove(
    scopes: readonly string[],
    options: CallOptions,
  ): Promise<Proof> {
    if (this.#basic) {
      const login = await this.#credentials(options);
      return { scheme: "basic", header: basicHeader(login) };
    }
    if (!this.#bearer) return { scheme: "none" };
    const known = this.#held.find(({ token, scopes: held }) =>
      token.expiresAt > Date.now() && coversScopes(held, scopes)
    );
    const held = known ?? await this.#fetch(this.#bearer, scopes, options);
    const header = `Bearer ${held.token.text}`;
    return { scheme: "bearer", header, held, isNew: known === undefined };
  }

  /** Takes a challenge up; false where nothing better can be sent. */
  async #adopt(
    challenges: readonly Challenge[],
    refused: {
      readonly url: URL;
      readonly proof: Proof;
      readonly wanted: readonly string[];
      readonly request: CallOptions;
    },
  ): Promise<boolean> {
    const { url, proof, wanted, request } = refused;
    if (proof.scheme === "bearer") {
      this.#held = this.#held.filter((held) => held !== proof.held);
      // A token made for this very request will be refused again.
      if (proof.isNew && coversScopes(proof.held.scopes, wanted)) return false;
    }
    const basic = challenges.find(({ scheme }) => scheme === "basic");
    if (basic && proof.scheme === "none") {
      const { user, pass } = await this.#credentials(request);
      if (user !== "" && pass !== "") return this.#basic = true;
    }
    const bearer = challenges.map((challenge) => toBearer(challenge, url))
      .find((found) => found !== undefined);
    if (!bearer) return false;
    if (
      this.#bearer?.realm.href !== bearer.realm.href ||
      this.#bearer.service !== bearer.service
    ) this.#held = [];
    this.#basic = false;
    this.#bearer = bearer;
    return true;
  }

  #read(response: Response): Challenge[] {
    const { log = silent } = this.#options;
    const header = response.headers.get("www-authenticate") ?? "";
    const challenges = parseChallenges(header);
    log.debug("Auth request parsed", {
      host: this.#host.name,
      schemes: challenges.map(({ scheme }) => scheme),
      scopes: scopesIn(challenges),
    });
    const known = challenges.filter(({ scheme }) =>
      scheme === "basic" || scheme === "bearer"
    );
    if (known.length === 0 && challenges.length > 0) {
      log.warn("Unsupported auth type", {
        host: this.#host.name,
        schemes: challenges.map(({ scheme }) => scheme),
      });
    }
    return known;
  }

  /** One fetch at a time for the same scopes; whoever comes meanwhile shares it. */
  async #fetch(
    bearer: Bearer,
    scopes: readonly string[],
    options: CallOptions,
  ): Promise<Held> {
    const flight = this.#flights.run(scopes.join(" "), async () => {
      const token = await fetchToken({
        registry: this.#host.name,
        ...bearer,
        scopes,
        login: await this.#credentials({}),
        refreshToken: this.#refreshToken,
        clientId: this.#options.clientId,
      }, this.#next);
      if (token.refreshToken !== "") this.#refreshToken = token.refreshToken;
      const held = { token, scopes };
      this.#held = [
        held,
        ...this.#held.filter(({ token, scopes: old }) =>
          token.expiresAt > Date.now() && !coversScopes(scopes, old)
        ),
      ];
      return held;
    });
    return await untilAborted(flight, options.signal);
  }

  async #credentials(options: CallOptions): Promise<Login> {
    const { credHelper } = this.#host;
    if (!credHelper || Date.now() < this.#loginUntil) return this.#login;
    const asked = this.#logins.run("", async () => {
      await this.#askHelper(credHelper);
      return this.#login;
    });
    return await untilAborted(asked, options.signal);
  }

  async #askHelper(program: string): Promise<void> {
    const { helper = askHelper, helperEnv, log = silent } = this.#options;
    const { name, hostname = name, credHost, credExpireMs = HOUR_MS } =
      this.#host;
    try {
      const server = credHost || hostname;
      const found = await helper(program, server, { env: helperEnv });
      this.#login = found ?? this.#login;
      this.#loginUntil = Date.now() + credExpireMs;
    } catch (error) {
      // Many images can be read without a login: the registry decides.
      log.warn("Failed to get credentials from helper", {
        host: name,
        helper: program,
        err: messageOf(error),
      });
      this.#loginUntil = Date.now() + HELPER_PAUSE_MS;
    }
  }
}

function toBearer(challenge: Challenge, url: URL): Bearer | undefined {
  if (challenge.scheme !== "bearer") return undefined;
  const realm = challenge.parameters.get("realm") ?? "";
  if (realm === "" || !URL.canParse(realm, url.href)) {
    throw new RegError(
      "unauthorized",
      `Cannot log in to ${
        JSON.stringify(url.host)
      }: the challenge has no realm`,
    );
  }
  const service = challenge.parameters.get("service") ?? "";
  const address = new URL(realm, url);
  if (/^https?:$/.test(address.protocol)) return { realm: address, service };
  throw new RegError(
    "unauthorized",
    `Cannot log in to ${
      JSON.stringify(url.host)
    }: the realm is no http address`,
  );
}

function scopesIn(challenges: readonly Challenge[]): string[] {
  return challenges.flatMap(({ parameters }) =>
    (parameters.get("scope") ?? "").split(" ").filter((scope) => scope !== "")
  );
}

function scopesOf(request: RegistryRequest, host: HostConfig): string[] {
  const { repository, method, alsoPull = [] } = request;
  if (repository === undefined) return [];
  const prefix = host.pathPrefix?.replace(/^\/+|\/+$/g, "") ?? "";
  const named = (name: string, actions: string) =>
    `repository:${prefix === "" ? name : `${prefix}/${name}`}:${actions}`;
  const reads = method === "GET" || method === "HEAD";
  return mergeScopes([
    named(repository, reads ? "pull" : "pull,push"),
    ...alsoPull.map((name) => named(name, "pull")),
  ]);
}

function withProof(request: RegistryRequest, proof: Proof): RegistryRequest {
  if (proof.scheme === "none") return request;
  const headers = { ...request.headers, authorization: proof.header };
  return { ...request, headers };
}
