namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A part of a JSON column of a parcel.</summary>
public class Label
{
    public virtual string Text { get; set; } = "fragile";
}
