/** The API's own page: every door, to be tried with the log-in of this browser. A bundle of its own. */
import "swagger-ui-dist/swagger-ui.css";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

const place = document.querySelector("#docs");
if (place) {
  SwaggerUI({
    url: "/api/v1/openapi.json",
    domNode: place,
    validatorUrl: null, // nobody outside is asked
    deepLinking: true,
    filter: true,
    tryItOutEnabled: true,
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    persistAuthorization: false,
  });
}
