namespace Cli.Backup;

/// <summary>The statements in this folder.</summary>
internal static class Sql
{
    public static string Read(string statement) => Embedded.Beside(typeof(Sql), $"{statement}.sql");
}
