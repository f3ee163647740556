/** What integrations need to know of the request, or of the event on a connection, that they are carried out for. */
import type { VpcLinkRecord } from "../../definitions/published.ts";
import type { Env, Settings } from "../../settings.ts";
import type { ParameterSource } from "../mapping/parameters.ts";
import type { TemplateContext } from "../mapping/render-template.ts";
import type { ExecutionLog } from "../rest/execution-log.ts";

export interface IntegrationContext extends ParameterSource, TemplateContext {
  readonly env: Env;
  readonly settings: Settings;
  readonly requestId: string;
  readonly log: ExecutionLog | undefined;
  readonly trace: { readonly request: string };
  readonly request: { readonly method: string; readonly headers: Headers };
  readonly located: { readonly apiId: string };
  readonly stage: ParameterSource["stage"] & {
    readonly stage: { readonly clientCertificateId?: string };
    /** By id. */
    readonly vpcLinks: ReadonlyMap<string, VpcLinkRecord>;
  };
}
