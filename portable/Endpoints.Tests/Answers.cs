using System.Net;
using System.Text.Json;

namespace Portable.Endpoints.Tests;

internal static class Answers
{
    public static Task<string> Text(this HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>The messages of one field in the engine's own error body.</summary>
    public static async Task<string> ErrorOf(this HttpResponseMessage response, string field)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(await response.Text());
        Assert.True(
            body.RootElement.GetProperty("errors").TryGetProperty(field, out var messages),
            $"no error of {field} in {body.RootElement}");
        return messages[0].GetString()!;
    }

    public static void Is(this HttpResponseMessage response, HttpStatusCode status) =>
        Assert.Equal(status, response.StatusCode);
}
