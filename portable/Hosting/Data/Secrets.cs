using System.Text.Json;

namespace Portable.Hosting.Data;

/// <summary>
/// Generated passwords. They are kept beside the data that they protect, readable by the user alone; without kept data
/// they stay in memory.
/// </summary>
internal sealed class Secrets(HostFolder folder)
{
    private readonly Lock gate = new();
    private Dictionary<string, string>? values;

    private string FilePath => Path.Combine(folder.Kept, "passwords.json");

    public string GetOrAdd(string name, Func<string> generate)
    {
        lock (gate)
        {
            values ??= Read();
            if (values.TryGetValue(name, out var known)) return known;
            values[name] = generate();
            Write(values);
            return values[name];
        }
    }

    private Dictionary<string, string> Read() => folder.KeepsData && File.Exists(FilePath)
        ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(FilePath)) ?? []
        : [];

    private void Write(Dictionary<string, string> all)
    {
        if (!folder.KeepsData) return;
        Directory.CreateDirectory(folder.Kept);
        using var stream = new FileStream(FilePath, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        JsonSerializer.Serialize(stream, all);
    }
}
