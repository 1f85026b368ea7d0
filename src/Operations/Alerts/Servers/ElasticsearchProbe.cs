using System.Net.Http.Headers;
using System.Text;

namespace Operations.Alerts.Servers;

/// <summary>Asks for the health of the cluster; red is as bad as no answer.</summary>
internal sealed class ElasticsearchProbe : IAsyncDisposable
{
    private readonly HttpClient http;

    /// <param name="address"><c>http://host:port</c>, with <c>user:password@</c> where the server wants it.</param>
    public ElasticsearchProbe(Uri address)
    {
        http = new HttpClient
        {
            BaseAddress = new Uri(address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + "/"),
        };
        if (address.UserInfo.Length > 0)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }
    }

    public async Task Ask(CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync("_cluster/health", cancellationToken);
        answer.EnsureSuccessStatusCode();
        var health = await answer.Content.ReadFromJsonAsync<Health>(cancellationToken);
        if (health?.Status == "red")
            throw new InvalidOperationException("The cluster is red: shards are away.");
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed record Health(string Status);
}
