using System.Globalization;
using ServiceDefaults.Http;

namespace QueryApi.Consistency;

/// <summary>
/// A token for something that a restore has lost: no answer can show it, and one without it would pass for one with it.
/// </summary>
internal sealed class RefuseLostTokens(RequestDelegate next, LostPositions lost)
{
    private const string Type = "urn:problem:position-lost";

    public Task Invoke(HttpContext context) =>
        context.Request.Headers.TryGetValue(Query.TokenHeader, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var token)
        && lost.Of(token) is { } range
            ? Problem.Write(context, Problem.Of(
                context,
                StatusCodes.Status410Gone,
                $"{Query.TokenHeader} {token} stands for something that was lost: on {range.RestoredAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z "
                + $"the system was restored to position {range.After}. Ask without it for what is there, and do again what was "
                + "done behind that position.",
                Type))
            : next(context);
}
