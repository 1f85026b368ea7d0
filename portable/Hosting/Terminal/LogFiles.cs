using System.Collections.Concurrent;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Terminal;

/// <summary>
/// Keeps the console output of each instance in a file of its own, and the one before when it grows too large.
/// </summary>
internal sealed class LogFiles : IDisposable
{
    /// <summary>Bytes after which a file is set aside as NAME.1.log.</summary>
    private const long LargestFile = 10_000_000;

    private readonly ConcurrentDictionary<string, LogFile> files = new();
    private readonly ResourceLoggerService logs;
    private string? folder;

    public LogFiles(ResourceLoggerService logs)
    {
        this.logs = logs;
        logs.Written += Write;
    }

    public string? Folder => folder;

    public void Open(string path) => folder = path;

    public void Dispose()
    {
        logs.Written -= Write;
        folder = null;
        foreach (var file in files.Values) file.Dispose();
        files.Clear();
    }

    private void Write(string id, string line, bool isError)
    {
        if (folder is { } path) files.GetOrAdd(id, name => new LogFile(Path.Combine(path, name))).Write(line);
    }

    private sealed class LogFile(string path) : IDisposable
    {
        private readonly Lock gate = new();
        private StreamWriter? writer;
        private bool closed;

        public void Write(string line)
        {
            lock (gate)
            {
                if (closed) return;
                writer ??= new StreamWriter($"{path}.log", append: true) { AutoFlush = true };
                writer.WriteLine($"{DateTime.Now:yyyy-MM-dd HH:mm:ss.fff} {line}");
                if (writer.BaseStream.Length < LargestFile) return;
                writer.Dispose();
                writer = null;
                File.Move($"{path}.log", $"{path}.1.log", overwrite: true);
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                closed = true;
                writer?.Dispose();
            }
        }
    }
}
