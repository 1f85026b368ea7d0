using System.Net;
using System.Net.Http.Json;

namespace Cli.Apis;

/// <summary>A service did not answer, or answered 503, for longer than the client was ready to wait.</summary>
internal sealed class ServiceUnavailableException(Uri service, TimeSpan waited, Exception? cause)
    : Exception(
        $"{service} did not answer for {waited.TotalSeconds:0} s. Is the system running (dotnet run --project AppHost)? " +
        "The same command goes on where this one stopped.",
        cause);

/// <summary>
/// Sends requests until they are answered: a service that is away or says 503 is asked again, with the pause it asks
/// for. Every request made through here is safe to repeat.
/// </summary>
internal sealed class Transmission(HttpClient http)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        var deadline = DateTimeOffset.UtcNow + Patience;
        var pause = TimeSpan.FromMilliseconds(100);
        while (true)
        {
            TimeSpan? asked = null;
            Exception? cause = null;
            try
            {
                using var request = create();
                var response = await http.SendAsync(request, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                    return response;
                asked = response.Headers.RetryAfter?.Delta;
                response.Dispose();
            }
            catch (Exception exception) when (IsAway(exception, cancellationToken))
            {
                cause = exception;
            }

            if (DateTimeOffset.UtcNow > deadline)
                throw new ServiceUnavailableException(http.BaseAddress!, Patience, cause);
            await Task.Delay(Shorter(asked ?? pause, LongestPause), cancellationToken);
            pause = Shorter(pause * 2, LongestPause);
        }
    }

    /// <summary>The body as <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidDataException">
    /// The answer is no success; the message holds what the service said.
    /// </exception>
    public static async Task<T> Read<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var said = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new InvalidDataException(
                $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode}: {said}");
        }

        return await response.Content.ReadFromJsonAsync<T>(cancellationToken)
            ?? throw new InvalidDataException($"{response.RequestMessage?.RequestUri} answered without a body");
    }

    private static bool IsAway(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
