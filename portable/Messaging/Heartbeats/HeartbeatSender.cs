using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portable.Messaging.Messages;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Heartbeats;

/// <summary>Tells ServiceControl that the endpoint has started and, from then on, that it is alive. That ServiceControl
/// is away is logged and hinders nothing.</summary>
internal sealed class HeartbeatSender(
    HeartbeatSettings settings,
    string endpoint,
    bool isSendOnly,
    HostIdentity host,
    Publisher publisher,
    ILogger logger) : IAsyncDisposable
{
    private const string Namespace = "ServiceControl.Plugin.Heartbeat.Messages";
    private static readonly TimeSpan RegistrationPause = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly Guid hostId = Guid.Parse(host.Id, CultureInfo.InvariantCulture);
    private Task sending = Task.CompletedTask;

    public void Start() => sending = Task.WhenAll(Task.Run(Register), Task.Run(Beat));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await sending;
        stopping.Dispose();
    }

    private async Task Register()
    {
        var startup = new RegisterEndpointStartup(
            hostId, endpoint, DateTime.UtcNow, Properties(), host.DisplayName, host.DisplayName);
        if (!await TrySend(startup) && await Pause(RegistrationPause))
        {
            await TrySend(startup);
        }
    }

    private async Task Beat()
    {
        while (await Pause(settings.Frequency))
        {
            await TrySend(new EndpointHeartbeat(DateTime.UtcNow, endpoint, hostId, host.DisplayName));
        }
    }

    private async Task<bool> TrySend<T>(T message)
    {
        var headers = new Dictionary<string, string>
        {
            [Headers.EnclosedMessageTypes] = $"{Namespace}.{typeof(T).Name}",
            [Headers.ContentType] = ContentTypes.Json,
            [Headers.MessageIntent] = nameof(MessageIntent.Send),
        };
        if (!isSendOnly)
        {
            headers[Headers.ReplyToAddress] = endpoint;
        }

        try
        {
            await publisher.Dispatch(
                [
                    new OutgoingOperation(
                        Guid.NewGuid().ToString(), headers, JsonSerializer.SerializeToUtf8Bytes(message))
                    {
                        Destination = settings.Queue,
                        TimeToLive = settings.TimeToLive,
                    },
                ],
                stopping.Token);
            return true;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            logger.LogWarning(
                e, "ServiceControl could not be told by '{Queue}' that '{Endpoint}' is alive", settings.Queue, endpoint);
            return false;
        }
        catch (Exception e)
        {
            logger.LogDebug(e, "A heartbeat was cut short: the endpoint stops");
            return false;
        }
    }

    /// <summary>False when the endpoint stops.</summary>
    private async Task<bool> Pause(TimeSpan pause)
    {
        await Task.Delay(pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stopping.IsCancellationRequested;
    }

    private Dictionary<string, string> Properties() => new()
    {
        ["Machine"] = host.Machine,
        ["ProcessID"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        ["UserName"] = Environment.UserName,
        ["PathToExecutable"] = Environment.ProcessPath ?? "",
    };
}
