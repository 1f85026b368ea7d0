using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MessageFaults;

/// <summary>
/// Kills this process with SIGKILL when a step has been reached for the n-th time. The endpoint knows nothing of it:
/// the steps outside of the handler are recognized by the measures of the endpoint and the traces of the client
/// libraries, whose listeners run in the midst of the work.
/// </summary>
internal sealed class FailPoint : IDisposable
{
    private readonly Step fatal;
    private readonly MeterListener measures = new();
    private readonly ActivityListener traces;
    private int remaining;

    /// <param name="after">The hit that kills; 1 is the first.</param>
    public FailPoint(Step fatal, int after)
    {
        (this.fatal, remaining) = (fatal, after);
        measures.InstrumentPublished = (instrument, listener) =>
        {
            if (StepOf(instrument) == fatal && fatal != Step.None)
                listener.EnableMeasurementEvents(instrument);
        };
        measures.SetMeasurementEventCallback<double>((instrument, _, _, _) => Hit(StepOf(instrument)));
        measures.SetMeasurementEventCallback<long>((instrument, _, _, _) => Hit(StepOf(instrument)));
        measures.Start();
        traces = new ActivityListener
        {
            ShouldListenTo = source => fatal switch
            {
                Step.Dispatching => source.Name == "RabbitMQ.Client.Publisher",
                Step.Dispatched => source.Name == "Npgsql",
                _ => false,
            },
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Hit(StepOf(activity)),
        };
        ActivitySource.AddActivityListener(traces);
    }

    /// <summary>This step is reached; the process may end here.</summary>
    public void Hit(Step step)
    {
        if (step == Step.None || step != fatal || Interlocked.Decrement(ref remaining) != 0)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // The signal is on its way: nothing after this step may run.
        Thread.Sleep(Timeout.Infinite);
    }

    public void Dispose()
    {
        measures.Dispose();
        traces.Dispose();
    }

    private static Step StepOf(Instrument instrument) => instrument.Name switch
    {
        "nservicebus.messaging.processing_time" => Step.Committed,
        "nservicebus.messaging.successes" => Step.Acknowledging,
        _ => Step.None,
    };

    private static Step StepOf(Activity activity)
    {
        if (activity.Source.Name == "RabbitMQ.Client.Publisher")
            return Step.Dispatching;
        var marks = activity.TagObjects.Any(tag => tag.Value is string text
            && text.Contains("\"Dispatched\" = true", StringComparison.Ordinal)
            && text.Contains("update", StringComparison.OrdinalIgnoreCase));
        return marks ? Step.Dispatched : Step.None;
    }
}
