using System.Globalization;
using System.Text.Json;

namespace QueryApi.Tests.Running;

/// <summary>A query API on a free port, and a client of it.</summary>
internal sealed class RunningQueryApi : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningQueryApi(WebApplication app)
    {
        this.app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(1) };
    }

    public HttpClient Client { get; }

    public static async Task<RunningQueryApi> Start(
        Connections connections, CancellationToken cancellationToken, params string[] settings)
    {
        var app = QueryApiService.Create(
            [.. connections.AsArguments(), "--Queries:StoreTimeout=00:00:30", .. settings]);
        await app.StartAsync(cancellationToken);
        return new RunningQueryApi(app);
    }

    /// <summary>Asks, and fails where the answer is no success.</summary>
    /// <param name="token">What the answer has to show.</param>
    public async Task<T> Get<T>(string path, string tenant, long? token = null)
    {
        using var response = await Send(path, tenant, token);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;
    }

    /// <param name="headers">Names and values, one after the other.</param>
    public async Task<HttpResponseMessage> Send(
        string path, string tenant, long? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Tenant", tenant);
        if (token is { } position)
        {
            request.Headers.Add("Consistency-Token", position.ToString(CultureInfo.InvariantCulture));
            if (headers.All(header => header.Name != "Consistency-Timeout"))
                request.Headers.Add("Consistency-Timeout", "30");
        }

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
