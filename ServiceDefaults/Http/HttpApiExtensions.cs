using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Http.OpenApi;

namespace ServiceDefaults.Http;

/// <summary>What the HTTP APIs have in common: strict JSON, problem details for every error, OpenAPI.</summary>
public static class HttpApiExtensions
{
    /// <summary>Adds the conventions. <see cref="UseHttpApi"/> puts them to work.</summary>
    public static WebApplicationBuilder AddHttpApi(this WebApplicationBuilder builder, HttpApiOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = options.MaxBodySize;
            kestrel.AddServerHeader = false;
        });
        builder.Services.Configure<JsonOptions>(json => StrictJson.Apply(json.SerializerOptions, options));
        builder.Services.AddExceptionHandler<ExceptionProblems>();
        builder.Services.AddApiDescription(options);
        return builder;
    }

    /// <summary>
    /// Every error from here on leaves as problem details (RFC 9457), those of routing and of the server too. Maps
    /// <c>/openapi/v1.json</c>, the page <c>/docs</c> to read it on, and leads <c>/</c> there.
    /// </summary>
    public static WebApplication UseHttpApi(this WebApplication app)
    {
        // The handlers above always answer; this callback is what the middleware insists on.
        app.UseExceptionHandler(unhandled => unhandled.Run(context =>
            Problem.Write(context, Problem.Of(context, StatusCodes.Status500InternalServerError))));
        app.UseStatusCodePages(context => Problem.Write(
            context.HttpContext, Problem.Of(context.HttpContext, context.HttpContext.Response.StatusCode)));
        app.Use(RememberedBody.Remember);
        app.MapApiDescription();
        return app;
    }
}
