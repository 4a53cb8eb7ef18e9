using System.Collections.ObjectModel;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A row with all that rows may have: an owned type, a JSON column, a concurrency token, a navigation, and what proxies override.</summary>
public class Parcel
{
    public virtual Guid Id { get; set; }

    public virtual int Number { get; set; }

    /// <summary>The concurrency token.</summary>
    public virtual int Version { get; set; }

    /// <summary>An owned type.</summary>
    public virtual Address Address { get; set; } = null!;

    /// <summary>A JSON column.</summary>
    public virtual ObservableCollection<Label> Labels { get; set; } = [];

    public virtual Guid? ParentId { get; set; }

    public virtual Parcel? Parent { get; set; }
}
