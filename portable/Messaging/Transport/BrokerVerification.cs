using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Portable.Messaging.Transport;

/// <summary>Asks the broker's management API, where one is configured, whether the broker can do what the transport
/// needs: it is new enough, and its queues do not drop a message that is delivered often.</summary>
internal sealed class BrokerVerification(RabbitMQTransport transport, ManagementApiConfiguration api, ILogger logger)
{
    /// <summary>What newer brokers take for unlimited.</summary>
    private const int Unlimited = 100_000;

    private static readonly Version Oldest = new(3, 10);
    private static readonly Version WithDefaultLimit = new(4, 0);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly BrokerAddress broker = BrokerAddress.Parse(transport.ConnectionString);

    /// <summary>Returns when the broker meets the requirements of an endpoint that consumes this queue.</summary>
    /// <param name="patience">How long the API may take to come up beside its broker.</param>
    /// <exception cref="InvalidOperationException">It does not, or its API can't be asked.</exception>
    public async Task Verify(string queue, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var client = Client();
        var overview = await Get(client, "api/overview", patience, cancellationToken);
        var text = overview.GetProperty("rabbitmq_version").GetString()!;
        var version = Version.Parse(text.Split('-', '+')[0]);
        if (version < Oldest)
        {
            throw new InvalidOperationException(
                $"RabbitMQ {text} is too old: delayed delivery needs {Oldest} or newer.");
        }

        var details = await Get(client, $"api/queues/{VirtualHost}/{Uri.EscapeDataString(queue)}", patience,
            cancellationToken);
        if (LimitOf(details) is { } limit && limit != Unlimited)
        {
            throw new InvalidOperationException(
                $"Queue '{queue}' has a delivery limit of {limit}: a message that is retried more often would be lost. "
                + "Remove the limit from the queue's arguments and from all policies.");
        }

        if (version >= WithDefaultLimit && LimitOf(details) is null && IsQuorum(details))
        {
            await LiftLimit(client, queue, cancellationToken);
        }
    }

    private string VirtualHost => Uri.EscapeDataString(broker.VirtualHost);

    private static bool IsQuorum(JsonElement queue) =>
        queue.TryGetProperty("type", out var type) && type.GetString() == "quorum";

    private static int? LimitOf(JsonElement queue) =>
        Number(queue, "arguments", "x-delivery-limit") ?? Number(queue, "effective_policy_definition", "delivery-limit");

    private static int? Number(JsonElement queue, string part, string name) =>
        queue.TryGetProperty(part, out var definitions)
            && definitions.ValueKind == JsonValueKind.Object
            && definitions.TryGetProperty(name, out var value)
            && value.TryGetInt32(out var number)
                ? number
                : null;

    private HttpClient Client()
    {
        var url = api.Url ?? $"{(broker.UseTls ? "https" : "http")}://{broker.Host}:{(broker.UseTls ? 15671 : 15672)}";
        var handler = new SocketsHttpHandler();
        if (!transport.ValidateRemoteCertificate)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }

        var login = $"{api.UserName ?? broker.UserName}:{api.Password ?? broker.Password}";
        var client = new HttpClient(handler)
        {
            BaseAddress = new Uri(url.EndsWith('/') ? url : $"{url}/"),
            Timeout = TimeSpan.FromSeconds(10),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        return client;
    }

    private async Task<JsonElement> Get(
        HttpClient client, string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var deadline = DateTime.UtcNow + patience; ; await Task.Delay(Pause, cancellationToken))
        {
            try
            {
                return await client.GetFromJsonAsync<JsonElement>(path, cancellationToken);
            }
            catch (HttpRequestException e) when (
                DateTime.UtcNow < deadline && e.StatusCode is not HttpStatusCode.Unauthorized)
            {
                logger.LogDebug(e, "The management API of RabbitMQ does not answer yet");
            }
            catch (HttpRequestException e)
            {
                throw new InvalidOperationException(
                    $"The management API of RabbitMQ at {client.BaseAddress} does not answer '{path}': {e.Message} Is the "
                    + "plugin enabled, and are its address and login right?", e);
            }
        }
    }

    // From 4.0 on quorum queues drop a message after 20 deliveries unless a policy says otherwise.
    private async Task LiftLimit(HttpClient client, string queue, CancellationToken cancellationToken)
    {
        var policy = new Dictionary<string, object>
        {
            ["pattern"] = $"^{Regex.Escape(queue)}$",
            ["apply-to"] = "quorum_queues",
            ["definition"] = new Dictionary<string, int> { ["delivery-limit"] = Unlimited },
            ["priority"] = 0,
        };
        using var answer = await client.PutAsJsonAsync(
            $"api/policies/{VirtualHost}/{Uri.EscapeDataString($"nsb.{queue}.delivery-limit")}", policy,
            cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"The delivery limit of queue '{queue}' could not be lifted by a policy: "
                + $"{(int)answer.StatusCode} {answer.ReasonPhrase}.");
        }
    }
}
