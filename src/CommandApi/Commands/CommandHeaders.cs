using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ServiceDefaults.Http;

namespace CommandApi.Commands;

/// <summary>What the headers of a command say.</summary>
/// <param name="User">Who asks; null where nobody signed on.</param>
/// <param name="Key">The client's name for the request; null where it gave none.</param>
/// <param name="Wait">How long the client would wait for the outcome.</param>
internal sealed record CommandHeaders(string Tenant, string? User, string? Key, TimeSpan Wait)
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Prefer = "Prefer";
    private const int LongestKey = 100;

    /// <exception cref="InvalidRequestException">A header is wrong, or there is a query; answered 400.</exception>
    public static CommandHeaders Read(HttpContext context)
    {
        if (context.Request.Query.Keys.FirstOrDefault() is { } parameter)
            throw new InvalidRequestException(parameter, "is no parameter here: a command is said in the body alone");
        var keys = context.Request.Headers[IdempotencyKey];
        if (keys.Count > 0 && (keys.Count > 1 || keys.ToString().Length is 0 or > LongestKey))
        {
            throw new InvalidRequestException(
                IdempotencyKey,
                $"must be one string of 1 to {LongestKey} characters, was {keys.Count} of {keys.ToString().Length}");
        }

        return new CommandHeaders(
            context.Tenant(),
            context.User.Identity?.Name,
            keys.Count == 0 ? null : keys.ToString(),
            Preference.Wait(context.Request.Headers[Prefer]));
    }

    /// <summary>Adds the headers to the OpenAPI document.</summary>
    public static Task Describe(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters ??= [];
        Add(TenantExtensions.Header, $"Whose data: 1 to 64 of A-Z a-z 0-9 _ -. Default: {TenantExtensions.Default}.");
        if (context.Description.HttpMethod == "POST")
        {
            Add(
                IdempotencyKey,
                "Your name for this request, up to 100 characters. The same key with the same body gives the first "
                + "answer again; with another body 422.");
            Add(Prefer, "wait=N: answer when the command is done, after at most N seconds (30 is the most).");
        }

        return Task.CompletedTask;

        void Add(string name, string description) => operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }
}
