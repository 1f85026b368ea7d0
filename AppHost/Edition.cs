using System.Reflection;

/// <summary>Which edition of the engines this app host was built on: <c>full</c> or <c>portable</c>.</summary>
internal static class Edition
{
    public static string Name { get; } = typeof(Edition).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == nameof(Edition)).Value!;
}
