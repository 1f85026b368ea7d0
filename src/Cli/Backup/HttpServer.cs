using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Cli.Backup;

/// <summary>A server that is managed over HTTP.</summary>
/// <param name="what">Its name, for errors.</param>
internal sealed class HttpServer(string what, Uri address, string? login) : IDisposable
{
    private readonly HttpClient client = Create(address, login);

    public async Task<JsonElement> Get(string path, CancellationToken cancellationToken)
    {
        using var response = await Send(HttpMethod.Get, path, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(body, default, cancellationToken);
        return document.RootElement.Clone();
    }

    public async Task Delete(string path, CancellationToken cancellationToken)
    {
        using var response = await Send(HttpMethod.Delete, path, cancellationToken);
    }

    public void Dispose() => client.Dispose();

    /// <exception cref="InvalidDataException">It is no address.</exception>
    public static Uri Address(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? address
            : throw new InvalidDataException($"{option} is no address: '{text}'.");

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            var response = await client.SendAsync(new HttpRequestMessage(method, path), cancellationToken);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                throw new ServerAwayException(
                    $"{what} at {client.BaseAddress} refuses {method} {path}: {(int)response.StatusCode} "
                    + await response.Content.ReadAsStringAsync(cancellationToken));
            }
        }
        catch (Exception away) when (away is HttpRequestException
            || (away is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ServerAwayException($"{what} at {client.BaseAddress} does not answer: {away.Message}", away);
        }
    }

    private static HttpClient Create(Uri address, string? login)
    {
        var client = new HttpClient
        {
            BaseAddress = new Uri(address.GetLeftPart(UriPartial.Authority) + "/"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        if ((login ?? address.UserInfo) is { Length: > 0 } user)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(user))));
        }
        return client;
    }
}
