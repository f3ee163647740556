/**
 * TLS with endpoints beyond what `fetch` speaks: with a client certificate, or accepting unknown issuers. Sources: the
 * guide's getting-started-client-side-ssl-authentication and api-gateway-extensions-integration-tls-config;
 * docs/client-certificates.md says what holds where.
 */
import { Buffer } from "node:buffer";
import { keyPairOf } from "../../outbound/client-certificates.ts";
import { type EgressConnection, type EgressFault, egressHeaders } from "../../outbound/tls-egress.ts";
import type { Env } from "../../settings.ts";
import { configurationError } from "../rest/gateway-error.ts";
import { invalidEndpoint } from "./endpoint-uri.ts";
import type { IntegrationContext } from "./integration-context.ts";
import type { Route } from "./route.ts";

export interface TlsNeeds {
  clientCertificateId: string | undefined;
  skipsVerification: boolean;
}

/** @throws GatewayError 500 for a certificate that cannot be presented here */
export function overTls(route: Route, needs: TlsNeeds, { env }: Pick<IntegrationContext, "env">): Route {
  const { url, service, vpcService } = route;
  const isHttps = url.startsWith("https:");
  if (env.EGRESS) {
    // Whether TLS is spoken with a target of VPC links, the setting says and not the URI.
    if (!isHttps && vpcService === undefined) return route;
    return { url, service: throughEgress(env, env.EGRESS, vpcService, needs) };
  }
  // With a service of Cloudflare's none is spoken, and what `fetch` verifies is Cloudflare's to say.
  if (!isHttps || service !== undefined || needs.clientCertificateId === undefined) return route;
  return { url, service: mtlsBinding(env, needs.clientCertificateId) };
}

/** Cloudflare's: `[[mtls_certificates]]` in wrangler.toml. */
function mtlsBinding(env: Env, id: string): Fetcher {
  const name = `CLIENT_CERTIFICATE_${id}`;
  const binding = (env as unknown as Record<string, Partial<Fetcher> | undefined>)[name];
  if (typeof binding?.fetch === "function") return binding as Fetcher;
  throw configurationError(
    `There is no mTLS certificate binding ${name} that could present the client certificate`,
  );
}

/** What `npm start` has. */
function throughEgress(
  env: Env,
  egress: Fetcher,
  vpcService: string | undefined,
  { clientCertificateId, skipsVerification }: TlsNeeds,
): Pick<Fetcher, "fetch"> {
  return {
    async fetch(input, init) {
      const request = input as Request;
      const connection: EgressConnection = {
        ...(vpcService === undefined ? {} : { vpcService }),
        ...(clientCertificateId === undefined
          ? {}
          : { clientCertificate: await requireKeyPair(env, clientCertificateId) }),
        ...(skipsVerification ? { skipsVerification } : {}),
      };
      // What a client has sent under the name does not count.
      request.headers.set(
        egressHeaders.connection,
        Buffer.from(JSON.stringify(connection)).toString("base64"),
      );
      const answer = await egress.fetch(request, init);
      const fault = answer.headers.get(egressHeaders.fault);
      if (fault !== null) throw faultError(fault as EgressFault, await answer.text());
      return answer;
    },
  };
}

async function requireKeyPair(env: Env, id: string) {
  const keyPair = await keyPairOf(env, id);
  if (!keyPair) throw configurationError(`There is no client certificate '${id}'`);
  return keyPair;
}

function faultError(fault: EgressFault, reason: string): Error {
  if (fault === "tls") return configurationError(reason);
  if (fault === "name") return invalidEndpoint();
  return new Error("The connection failed");
}
