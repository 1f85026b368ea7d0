using System.Net.Http.Json;
using System.Text.Json;

namespace Chaos.Operations;

/// <summary>Asks Operations, which may be dead at the moment: every call is made until it is answered.</summary>
internal sealed class OperationsClient(int port) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient http = new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}/api/"), Timeout = TimeSpan.FromSeconds(30),
    };

    public async Task<JsonElement> Get(string path, CancellationToken cancellationToken)
    {
        using var response = await Send(HttpMethod.Get, path, cancellationToken);
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <summary>How many messages have this status.</summary>
    public async Task<int> Count(string status, CancellationToken cancellationToken)
    {
        using var response = await Send(HttpMethod.Get, $"errors?status={status}&per_page=1", cancellationToken);
        return int.Parse(response.Headers.GetValues("Total-Count").Single(), null);
    }

    public async Task Post(string path, CancellationToken cancellationToken)
    {
        using var response = await Send(HttpMethod.Post, path, cancellationToken);
    }

    /// <summary>Waits until so many messages have this status.</summary>
    public async Task Until(string status, int count, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        var last = -1;
        try
        {
            while ((last = await Count(status, limit.Token)) != count)
                await Task.Delay(Pause, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{last} messages are {status} after {within}, not {count}.");
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var response = await http.SendAsync(new HttpRequestMessage(method, path), cancellationToken);
                if (response.IsSuccessStatusCode)
                    return response;
                response.Dispose();
            }
            catch (HttpRequestException) when (!cancellationToken.IsCancellationRequested)
            {
                // Dead, or not up again yet.
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
