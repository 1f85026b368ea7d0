using System.Text.Encodings.Web;
using System.Text.Json;
using EventStore;
using Microsoft.Win32.SafeHandles;

namespace Cli.EventStore;

/// <summary>
/// Events as JSON lines on standard output. Written past <see cref="Console"/>, which swallows the news that the
/// reader of a pipe has gone.
/// </summary>
internal sealed class JsonLines(Stream output, EventJson json) : IDisposable
{
    private readonly Stream buffered = new BufferedStream(output, 64 * 1024);
    private readonly Utf8JsonWriter line = new(
        Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static JsonLines ToStandardOutput(EventJson json) => new(OpenOutput(), json);

    /// <exception cref="ReaderGoneException">Nobody reads the pipe any more.</exception>
    public void Write(RecordedEvent recorded)
    {
        try
        {
            line.Reset(buffered);
            WriteEvent(recorded);
            line.Flush();
            buffered.WriteByte((byte)'\n');
        }
        catch (IOException exception)
        {
            throw new ReaderGoneException(exception);
        }
    }

    /// <exception cref="ReaderGoneException">Nobody reads the pipe any more.</exception>
    public void Flush()
    {
        try
        {
            buffered.Flush();
        }
        catch (IOException exception)
        {
            throw new ReaderGoneException(exception);
        }
    }

    /// <summary>
    /// A file keeps the offset that the shell's processes share, so it is left to <see cref="Console"/>.
    /// </summary>
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    public void Dispose() => line.Reset(Stream.Null);

    private void WriteEvent(RecordedEvent recorded)
    {
        line.WriteStartObject();
        line.WriteNumber("position", recorded.Position);
        line.WriteString("stream", recorded.Stream);
        line.WriteNumber("version", recorded.Version);
        line.WriteString("type", recorded.Type);
        line.WriteNumber("schemaVersion", recorded.SchemaVersion);
        line.WriteString("time", recorded.Metadata.Time);
        line.WriteString("tenant", recorded.Metadata.Tenant);
        line.WriteString("eventId", recorded.EventId);
        line.WriteString("commandId", recorded.Metadata.CommandId);
        WriteOptional("correlationId", recorded.Metadata.CorrelationId);
        WriteOptional("causationId", recorded.Metadata.CausationId);
        WriteOptional("user", recorded.Metadata.User);
        WriteOptional("traceParent", recorded.Metadata.TraceParent);
        if (recorded.Data is UnreadableEvent unreadable)
        {
            line.WriteString("error", unreadable.Error.Message);
        }
        else
        {
            line.WritePropertyName("data");
            line.WriteRawValue(json.Write(recorded.Data).Span, skipInputValidation: true);
        }
        line.WriteEndObject();
    }

    private void WriteOptional(string name, string? value)
    {
        if (value is not null)
            line.WriteString(name, value);
    }
}

/// <summary>The reader of standard output has closed it.</summary>
internal sealed class ReaderGoneException(Exception inner) : Exception("Standard output was closed.", inner);
