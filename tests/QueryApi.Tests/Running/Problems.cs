using System.Net;
using System.Text.Json;

namespace QueryApi.Tests.Running;

/// <summary>Reads problem details.</summary>
internal static class Problems
{
    /// <summary>The detail of a problem of this status.</summary>
    public static async Task<string> Detail(this HttpResponseMessage response, HttpStatusCode status) =>
        (await response.Problem(status)).GetProperty("detail").GetString()!;

    /// <summary>What a 400 says of a field, whose name it must spell in its errors.</summary>
    public static async Task<string> Error(this HttpResponseMessage response, string field) =>
        (await response.Problem(HttpStatusCode.BadRequest)).GetProperty("errors").EnumerateObject()
            .Single(error => error.Name.Equals(field, StringComparison.OrdinalIgnoreCase)).Value[0].GetString()!;

    public static async Task<JsonElement> Problem(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        if (status is HttpStatusCode.ServiceUnavailable)
            Assert.NotNull(response.Headers.RetryAfter);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
