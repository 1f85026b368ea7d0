using Portable.Messaging.Installation;

namespace Portable.Messaging;

/// <summary>Where messages go that failed for good.</summary>
public static class ConfigureError
{
    /// <summary>Names the error queue (<c>error</c> by default).</summary>
    public static void SendFailedMessagesTo(this EndpointConfiguration config, string errorQueue)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrWhiteSpace(errorQueue);
        config.ErrorQueue = errorQueue;
    }
}

/// <summary>Where copies of handled messages go.</summary>
public static class ConfigureAudit
{
    /// <summary>Copies every handled message to this queue.</summary>
    /// <param name="timeToBeReceived">The broker drops a copy that has waited so long; null: never.</param>
    public static void AuditProcessedMessagesTo(
        this EndpointConfiguration config, string auditQueue, TimeSpan? timeToBeReceived = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrWhiteSpace(auditQueue);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToBeReceived ?? TimeSpan.Zero, TimeSpan.Zero);
        (config.AuditQueue, config.AuditTimeToLive) = (auditQueue, timeToBeReceived);
    }
}

/// <summary>Queues, exchanges and tables, made at start.</summary>
public static class InstallConfigExtensions
{
    /// <summary>Creates what is missing at start: queues, exchanges, tables. Safe with several instances.</summary>
    public static void EnableInstallers(this EndpointConfiguration config, string? username = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.InstallersEnabled = true;
    }

    /// <summary>Adds something to install; it runs with the others.</summary>
    public static void AddInstaller<TInstaller>(this EndpointConfiguration config)
        where TInstaller : class, INeedToInstallSomething
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Installers.Add(typeof(TInstaller));
    }
}

/// <summary>How many messages are handled at once.</summary>
public static class MessageProcessingOptimizationExtensions
{
    extension(EndpointConfiguration config)
    {
        /// <summary>Handles at most so many messages at once (by default as many as processors, at least 2).</summary>
        public void LimitMessageProcessingConcurrencyTo(int maxConcurrency)
        {
            ArgumentNullException.ThrowIfNull(config);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxConcurrency);
            config.Concurrency = maxConcurrency;
        }
    }
}

/// <summary>Headers that every outgoing message gets.</summary>
public static class StaticHeadersConfigExtensions
{
    public static void AddHeaderToAllOutgoingMessages(this EndpointConfiguration config, string key, string value)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        config.StaticHeaders[key] = value;
    }
}

/// <summary>What happens when the endpoint can't do its work: the broker is away for long, say.</summary>
public static class ConfigureCriticalErrorAction
{
    public static void DefineCriticalErrorAction(
        this EndpointConfiguration endpointConfiguration,
        Func<ICriticalErrorContext, CancellationToken, Task> onCriticalError)
    {
        ArgumentNullException.ThrowIfNull(endpointConfiguration);
        ArgumentNullException.ThrowIfNull(onCriticalError);
        endpointConfiguration.OnCriticalError = onCriticalError;
    }
}

/// <summary>A critical error, and the way to stop the endpoint for it.</summary>
public interface ICriticalErrorContext
{
    Func<CancellationToken, Task> Stop { get; }

    string Error { get; }

    Exception Exception { get; }
}

/// <summary>How this process is named in headers.</summary>
public static class HostInfoConfigurationExtensions
{
    public static HostInfoSettings UniquelyIdentifyRunningInstance(this EndpointConfiguration config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.HostInfo;
    }
}

/// <summary>Id and name of this process in headers.</summary>
public class HostInfoSettings
{
    internal HostInfoSettings()
    {
    }

    internal Guid? Id { get; private set; }

    internal string? DisplayName { get; private set; }

    internal string? HostName { get; private set; }

    public HostInfoSettings UsingCustomIdentifier(Guid id)
    {
        Id = id;
        return this;
    }

    public HostInfoSettings UsingCustomDisplayName(string displayName)
    {
        DisplayName = displayName;
        return this;
    }

    public HostInfoSettings UsingHostName(string hostName)
    {
        HostName = hostName;
        return this;
    }
}
