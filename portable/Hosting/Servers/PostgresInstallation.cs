using System.Globalization;

namespace Portable.Hosting.Servers;

/// <summary>The PostgreSQL programs of one major version.</summary>
/// <param name="Version">Major version.</param>
/// <param name="Folder">Folder with initdb and postgres.</param>
internal sealed record PostgresInstallation(int Version, string Folder)
{
    /// <summary>The newest version on this machine; null when there is none.</summary>
    public static PostgresInstallation? Newest => All().MaxBy(installation => installation.Version);

    public static Requirement Requirement { get; } = new("PostgreSQL", "postgresql", () => Newest?.Folder);

    /// <summary>The version that can open the data: the one that made it.</summary>
    /// <exception cref="DistributedApplicationException">It is not on this machine.</exception>
    public static PostgresInstallation For(string data)
    {
        var made = int.Parse(File.ReadAllText(Path.Combine(data, "PG_VERSION")).Trim(), CultureInfo.InvariantCulture);
        return All().FirstOrDefault(installation => installation.Version == made)
            ?? throw new DistributedApplicationException(
                $"The data in {data} was made by PostgreSQL {made}, which this machine doesn't have. Install it " +
                $"(apt-get install postgresql-{made}), or start with new data: --ephemeral or --data DIR.");
    }

    private static IEnumerable<PostgresInstallation> All()
    {
        const string root = "/usr/lib/postgresql";
        if (!Directory.Exists(root)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            var programs = Path.Combine(folder, "bin");
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version)
                && File.Exists(Path.Combine(programs, "initdb")))
                yield return new PostgresInstallation(version, programs);
        }
    }
}
