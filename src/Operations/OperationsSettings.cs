using Operations.Alerts.Rules;
using Operations.Security;

namespace Operations;

/// <summary>What can be set in the configuration section <c>Operations</c>.</summary>
internal sealed class OperationsSettings
{
    public const string Section = "Operations";

    /// <summary>The queue that endpoints send their failed messages to.</summary>
    public string ErrorQueue { get; set; } = "error";

    /// <summary>The queue that endpoints send copies of the messages to that they have handled.</summary>
    public string AuditQueue { get; set; } = "audit";

    /// <summary>Whether that queue is read. Where it is not, endpoints should not fill it.</summary>
    public bool Audit { get; set; } = true;

    /// <summary>Bodies of handled messages up to this size are kept, in bytes; of larger ones the size alone.</summary>
    public int MaxBodySizeToStore { get; set; } = 100 * 1024;

    /// <summary>Handled messages are deleted, a day at a time, when the whole day is older than this.</summary>
    public TimeSpan AuditRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Handled messages are stored together that come within this time.</summary>
    public TimeSpan AuditPatience { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The queue that endpoints send heartbeats and the results of their checks to.</summary>
    public string ServiceControlQueue { get; set; } = "Particular.ServiceControl";

    /// <summary>The queue that endpoints report to how they handle messages.</summary>
    public string MonitoringQueue { get; set; } = "Particular.Monitoring";

    /// <summary>An endpoint that has not been heard for so long is taken for dead.</summary>
    public TimeSpan HeartbeatGracePeriod { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>Deliveries that the broker hands out ahead; also the largest batch that is stored at once.</summary>
    public ushort Prefetch { get; set; } = 200;

    /// <summary>The same for reports, such as heartbeats, which are small.</summary>
    public ushort ReportPrefetch { get; set; } = 500;

    /// <summary>The same for handled messages, which are many.</summary>
    public ushort AuditPrefetch { get; set; } = 500;

    /// <summary>A batch is stored when its bodies reach this size, in bytes.</summary>
    public int BatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Messages of an operation that are taken, returned or archived at once.</summary>
    public int OperationBatch { get; set; } = 500;

    /// <summary>How long the broker may take to confirm a message that is returned to its queue.</summary>
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Archived and resolved messages are deleted when they have not changed for so long.</summary>
    public TimeSpan ErrorRetention { get; set; } = TimeSpan.FromDays(15);

    /// <summary>Entries of the event log are deleted after this time.</summary>
    public TimeSpan EventRetention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Records of what operators did are deleted after this time.</summary>
    public TimeSpan ActionRetention { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How often what is too old is looked for.</summary>
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether operators may change a failed message before it is retried.</summary>
    public bool AllowEditing { get; set; } = true;

    /// <summary>Origins whose pages may call the API, separated by commas; * for any.</summary>
    public string AllowedOrigins { get; set; } = "*";

    /// <summary>Those who may sign on; without any nobody has to, which only Development allows.</summary>
    public List<OperatorAccount> Operators { get; set; } = [];

    /// <summary>
    /// The folder with the static files of ServicePulse, which are then served below <c>/servicepulse/</c>; null: they
    /// are elsewhere.
    /// </summary>
    public string? ServicePulseFolder { get; set; }

    /// <summary>Where ServicePulse is, for links to it; null: no links.</summary>
    public string? ServicePulseUrl { get; set; }

    /// <summary>Where the dashboard with the traces is, for links to it; null: no links.</summary>
    public string? DashboardUrl { get; set; }

    /// <summary>The limits that raise alerts.</summary>
    public AlertLimits Alerts { get; set; } = new();
}
