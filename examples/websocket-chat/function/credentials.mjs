// Who the function is. At AWS its role's credentials are in variables that nobody else may set; a function in
// Sallyport has no role, and is given a key pair by these names.
const { env } = process;

export const credentials = env.ACCESS_KEY_ID
  ? { accessKeyId: env.ACCESS_KEY_ID, secretAccessKey: env.SECRET_ACCESS_KEY }
  : {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      sessionToken: env.AWS_SESSION_TOKEN,
    };
