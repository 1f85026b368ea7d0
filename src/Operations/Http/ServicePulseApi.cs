using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Operations.Actions;
using Operations.Security;
using Operations.Storage;

namespace Operations.Http;

/// <summary>What all calls of the API have in common: origins, headers, JSON, errors.</summary>
internal static class ServicePulseApi
{
    /// <summary>Which of ServiceControl's APIs is spoken; ServicePulse asks for at least this.</summary>
    public const string Version = "6.6.0";

    private const int LargestBody = 140 * 1024 * 1024;

    private static readonly string[] Exposed =
        ["ETag", "Last-Modified", "Link", "Total-Count", "X-Particular-Version", "X-Particular-Reason"];

    public static void AddServicePulseApi(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = ApiJson.Options.PropertyNamingPolicy;
            json.SerializerOptions.DefaultIgnoreCondition = ApiJson.Options.DefaultIgnoreCondition;
            foreach (var converter in ApiJson.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody; // a message as large as the broker takes can be edited
        });
        builder.Services.AddProblemDetails();
        builder.Services.AddCors();
    }

    /// <summary>The routes below <c>/api</c>.</summary>
    public static RouteGroupBuilder UseServicePulseApi(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<OperationsSettings>().AllowedOrigins;
        app.Use(Answer);
        app.UseRequestRecords();
        app.UseExceptionHandler(failed => failed.Run(Explain));
        app.UseCors(policy =>
        {
            if (origins == "*")
                policy.AllowAnyOrigin();
            else
                policy.WithOrigins(origins.Split(',', StringSplitOptions.TrimEntries)).AllowCredentials();
            policy.WithExposedHeaders(Exposed).AllowAnyHeader()
                .WithMethods("POST", "GET", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD");
        });
        app.UseRouting();
        app.UseSignOn();
        return app.MapGroup("/api");
    }

    private static Task Answer(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers["X-Particular-Version"] = Version;
        // A body's address begins with a slash, which some clients put behind "/api/".
        if (context.Request.Path.Value is { } path && path.Contains("//", StringComparison.Ordinal))
            context.Request.Path = path.Replace("//", "/", StringComparison.Ordinal);
        return next(context);
    }

    /// <summary>A database that is away is 503 and worth another try; a bad request is the caller's to mend.</summary>
    private static Task Explain(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        context.Response.Headers["X-Particular-Version"] = Version;
        return error switch
        {
            Microsoft.AspNetCore.Http.BadHttpRequestException bad => Problem(bad.StatusCode, bad.Message),
            _ when DatabaseFaults.MayPass(error) => Problem(
                StatusCodes.Status503ServiceUnavailable, "The database of Operations does not answer; try again."),
            _ => Problem(StatusCodes.Status500InternalServerError, "Operations failed; its log says why."),
        };

        Task Problem(int status, string detail)
        {
            context.Response.StatusCode = status;
            if (status == StatusCodes.Status503ServiceUnavailable)
                context.Response.Headers.RetryAfter = "2";
            return Results.Problem(detail, statusCode: status).ExecuteAsync(context);
        }
    }
}
