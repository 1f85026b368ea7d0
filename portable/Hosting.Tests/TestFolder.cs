namespace Portable.Hosting.Tests;

/// <summary>A folder of a test's own that PostgreSQL's account can enter.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hosting-test-{Guid.NewGuid():N}");

    public TestFolder() => Directory.CreateDirectory(Path);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
