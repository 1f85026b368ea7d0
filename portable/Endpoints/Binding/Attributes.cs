namespace Portable.Endpoints;

/// <summary>Marks a property that is bound from elsewhere than the JSON body.</summary>
public abstract class NonJsonBindingAttribute : Attribute;

/// <summary>Where a value outside the body can come from.</summary>
[Flags]
public enum Source
{
    FormField = 1 << 0,
    RouteParam = 1 << 1,
    QueryParam = 1 << 2,
    All = FormField | RouteParam | QueryParam,
}

/// <summary>Keeps a property from being bound from the given places.</summary>
[AttributeUsage(AttributeTargets.Property)]
public class DontBindAttribute(Source sources) : NonJsonBindingAttribute
{
    public Source BindingSources { get; set; } = sources;

    /// <summary>The request is refused where the value is missing.</summary>
    public bool IsRequired { get; set; }
}

/// <summary>Binds a property from the route alone.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RouteParamAttribute() : DontBindAttribute(Source.QueryParam | Source.FormField);

/// <summary>Binds a property from the query string alone.</summary>
[AttributeUsage(AttributeTargets.Property)]
public class QueryParamAttribute() : DontBindAttribute(Source.RouteParam | Source.FormField);

/// <summary>Binds a property from a header.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FromHeaderAttribute(
    string? headerName = null, bool isRequired = true, bool removeFromSchema = false) : NonJsonBindingAttribute
{
    public FromHeaderAttribute(bool isRequired, bool removeFromSchema = false)
        : this(null, isRequired, removeFromSchema)
    {
    }

    /// <summary>The header; null: named as the property.</summary>
    public string? HeaderName { get; set; } = headerName;

    /// <summary>The request is refused without the header.</summary>
    public bool IsRequired { get; set; } = isRequired;

    public bool RemoveFromSchema { get; set; } = removeFromSchema;
}

/// <summary>The name of a property in route and query, where it differs.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BindFromAttribute(string name) : Attribute
{
    public string Name { get; set; } = name;
}
