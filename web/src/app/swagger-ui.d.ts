declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface Wanted {
    url: string;
    domNode: Element;
    validatorUrl: null;
    deepLinking: boolean;
    filter: boolean;
    tryItOutEnabled: boolean;
    docExpansion: "list" | "full" | "none";
    defaultModelsExpandDepth: number;
    persistAuthorization: boolean;
  }
  export default function SwaggerUI(wanted: Wanted): void;
}
