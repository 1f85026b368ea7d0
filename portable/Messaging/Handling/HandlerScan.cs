using System.Reflection;
using System.Runtime.Loader;

namespace Portable.Messaging.Handling;

/// <summary>Finds handlers and sagas in the application's assemblies.</summary>
internal static class HandlerScan
{
    private static readonly string Library = typeof(HandlerScan).Assembly.GetName().Name!;

    /// <summary>Handler and saga types of all assemblies beside the application that refer to this library.</summary>
    public static IEnumerable<Type> Find(AssemblyScannerConfiguration configuration) =>
        Assemblies(configuration)
            .SelectMany(Types)
            .Where(IsHandler)
            .Where(type => !configuration.ExcludedTypes.Contains(type))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);

    public static bool IsHandler(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
            && typeof(IHandleMessages).IsAssignableFrom(type);

    private static IEnumerable<Assembly> Assemblies(AssemblyScannerConfiguration configuration)
    {
        var loaded = AppDomain.CurrentDomain.GetAssemblies()
            .Where(a => !a.IsDynamic)
            .GroupBy(a => a.GetName().Name!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (!loaded.ContainsKey(name) && Load(file) is { } assembly)
            {
                loaded[name] = assembly;
            }
        }

        return loaded.Values.Where(a =>
            a.GetReferencedAssemblies().Any(r => r.Name == Library)
                && !configuration.ExcludedAssemblies.Exists(e => IsNamed(a, e)));
    }

    private static bool IsNamed(Assembly assembly, string excluded)
    {
        var name = assembly.GetName().Name;
        return excluded.Equals(name, StringComparison.OrdinalIgnoreCase)
            || excluded.Equals($"{name}.dll", StringComparison.OrdinalIgnoreCase);
    }

    private static Assembly? Load(string file)
    {
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(AssemblyName.GetAssemblyName(file));
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or FileNotFoundException)
        {
            // Native libraries and those of other platforms hold no handlers.
            return null;
        }
    }

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();
        }
    }
}
