/**
 * What the names of AWS services stand for, where one does not follow from another. A service that is not listed has
 * the same name in URIs, in its host and in signatures, and its setting is `AWS_ENDPOINT_URL_{NAME}`.
 * Source: the service models that every AWS SDK is made from (endpoint prefix, signing name, service id, target prefix,
 * host prefixes).
 */
export interface AwsService {
  /** Name in the scope of a signature. */
  signingName: string;
  /** First label of the host. */
  hostName: string;
  /** The service's part of `AWS_ENDPOINT_URL_{…}`. */
  settingName: string;
  /** Of services that are told the action by `X-Amz-Target: {prefix}.{action}`. */
  target?: { prefix: string; contentType: string };
  /** What the host begins with for an action, where that is more than `hostName`. */
  hostPrefixes?: Readonly<Record<string, string>>;
  /** The one region of a service that has no others; its host names none. */
  globalRegion?: string;
}

const json10 = (prefix: string) => ({ target: { prefix, contentType: "application/x-amz-json-1.0" } });
const json11 = (prefix: string) => ({ target: { prefix, contentType: "application/x-amz-json-1.1" } });

/**
 * `sqs` and `ssm` are not among those with a target: integrations reach them by the query protocol, with the action
 * in the query string, as recorded (test_apigateway_sqs, test_apigateway_ssm).
 */
const listed: Readonly<Record<string, Partial<AwsService>>> = {
  athena: json11("AmazonAthena"),
  "appsync-api": { signingName: "appsync" },
  "bedrock-agent-runtime": { signingName: "bedrock" },
  "bedrock-runtime": { signingName: "bedrock" },
  cloudfront: { globalRegion: "us-east-1" },
  codebuild: json11("CodeBuild_20161006"),
  codepipeline: json11("CodePipeline_20150709"),
  "cognito-identity": json11("AWSCognitoIdentityService"),
  "cognito-idp": {
    settingName: "COGNITO_IDENTITY_PROVIDER",
    ...json11("AWSCognitoIdentityProviderService"),
  },
  comprehend: json11("Comprehend_20171127"),
  dynamodb: json10("DynamoDB_20120810"),
  ecs: json11("AmazonEC2ContainerServiceV20141113"),
  email: { signingName: "ses", settingName: "SES" },
  events: { settingName: "EVENTBRIDGE", ...json11("AWSEvents") },
  firehose: json11("Firehose_20150804"),
  glue: json11("AWSGlue"),
  iam: { globalRegion: "us-east-1" },
  iotdata: { hostName: "iot", settingName: "IOT_DATA_PLANE" },
  kinesis: json11("Kinesis_20131202"),
  kms: json11("TrentService"),
  logs: { settingName: "CLOUDWATCH_LOGS", ...json11("Logs_20140328") },
  monitoring: { settingName: "CLOUDWATCH" },
  "redshift-data": json11("RedshiftData"),
  rekognition: json11("RekognitionService"),
  route53: { settingName: "ROUTE_53", globalRegion: "us-east-1" },
  secretsmanager: { settingName: "SECRETS_MANAGER", ...json11("secretsmanager") },
  states: {
    settingName: "SFN",
    hostPrefixes: { StartSyncExecution: "sync-", TestState: "sync-" },
    ...json10("AWSStepFunctions"),
  },
  textract: json11("Textract"),
  transcribe: json11("Transcribe"),
  translate: json11("AWSShineFrontendService_20170701"),
};

/** @param name as URIs of integrations have it, in lower case */
export function awsService(name: string): AwsService {
  return {
    signingName: name,
    hostName: name,
    settingName: name.toUpperCase().replaceAll("-", "_"),
    ...(Object.hasOwn(listed, name) ? listed[name] : undefined),
  };
}
