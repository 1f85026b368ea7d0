using System.Data;
using Portable.Messaging.Outbox;

namespace Portable.Messaging.Outbox
{
    /// <summary>Settings of the outbox: exactly-once effects by committing what was handled, changed and sent
    /// together.</summary>
    public class OutboxSettings
    {
        internal OutboxSettings()
        {
        }

        internal TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);

        internal TimeSpan CleanupEvery { get; set; } = TimeSpan.FromMinutes(1);

        internal bool CleanupDisabled { get; set; }

        internal IsolationLevel IsolationLevel { get; set; } = IsolationLevel.ReadCommitted;
    }
}

namespace Portable.Messaging
{
    /// <summary>Turns the outbox on.</summary>
    public static class OutboxConfigExtensions
    {
        public static OutboxSettings EnableOutbox(this EndpointConfiguration config)
        {
            ArgumentNullException.ThrowIfNull(config);
            return config.Outbox ??= new OutboxSettings();
        }
    }

    /// <summary>How long and where deduplication records are kept.</summary>
    public static class SqlPersistenceOutboxSettingsExtensions
    {
        /// <summary>How long a message id is remembered (7 days by default). A duplicate that arrives later is handled
        /// again.</summary>
        public static void KeepDeduplicationDataFor(
            this OutboxSettings configuration, TimeSpan timeToKeepDeduplicationData)
        {
            ArgumentNullException.ThrowIfNull(configuration);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToKeepDeduplicationData, TimeSpan.Zero);
            configuration.KeepFor = timeToKeepDeduplicationData;
        }

        /// <summary>How often expired records are deleted (every minute by default).</summary>
        public static void RunDeduplicationDataCleanupEvery(
            this OutboxSettings configuration, TimeSpan frequencyToRunDeduplicationDataCleanup)
        {
            ArgumentNullException.ThrowIfNull(configuration);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(frequencyToRunDeduplicationDataCleanup, TimeSpan.Zero);
            configuration.CleanupEvery = frequencyToRunDeduplicationDataCleanup;
        }

        public static void DisableCleanup(this OutboxSettings configuration)
        {
            ArgumentNullException.ThrowIfNull(configuration);
            configuration.CleanupDisabled = true;
        }

        public static void TransactionIsolationLevel(
            this OutboxSettings outboxSettings, IsolationLevel isolationLevel)
        {
            ArgumentNullException.ThrowIfNull(outboxSettings);
            outboxSettings.IsolationLevel = isolationLevel;
        }
    }
}
