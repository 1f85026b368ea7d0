using CommandApi.Tenancy;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CommandApi.Commands;

/// <summary>What the headers of a command say.</summary>
/// <param name="Key">The client's name for the request; null where it gave none.</param>
/// <param name="Wait">How long the client would wait for the outcome.</param>
internal sealed record CommandHeaders(Caller Caller, string? Key, TimeSpan Wait)
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Prefer = "Prefer";
    private const int LongestKey = 100;

    /// <param name="failures">Gets what is wrong with headers and query.</param>
    public static CommandHeaders Read(HttpContext context, List<(string Field, string Message)> failures)
    {
        foreach (var name in context.Request.Query.Keys)
            failures.Add((name, "is no parameter here: a command is said in the body alone"));
        var caller = Caller.Of(context, failures);
        var keys = context.Request.Headers[IdempotencyKey];
        if (keys.Count > 0 && (keys.Count > 1 || keys.ToString().Length is 0 or > LongestKey))
        {
            failures.Add((
                IdempotencyKey,
                $"must be one string of 1 to {LongestKey} characters, had {keys.ToString().Length} in {keys.Count}"));
        }

        return new CommandHeaders(
            caller, keys.Count == 0 ? null : keys.ToString(), Preference.Wait(context.Request.Headers[Prefer]));
    }

    /// <summary>Adds the headers to the OpenAPI document.</summary>
    public static Task Describe(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters ??= [];
        Add(Caller.TenantHeader, "Whose data: 1 to 64 of A-Z a-z 0-9 _ -. Default: demo.");
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
