<?xml version="1.0" encoding="UTF-8"?>
<!--
  Functions that all mappings share. Import: <xsl:import href="../../elmo/functions.xsl"/>.
  ELMO 1.7. Owner: the hub.
-->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:f="urn:emrexhub:functions:1"
    expand-text="yes"
    exclude-result-prefixes="#all">

  <xsl:variable name="f:codes" as="document-node()" select="doc('codes.xml')"/>

  <xsl:key name="f:row" match="table/row" use="../@name || '/' || @code"/>

  <!-- The row of a code; an unknown code stops the mapping, since a guess would be a wrong record. -->
  <xsl:function name="f:row" as="element(row)">
    <xsl:param name="tables" as="document-node()"/>
    <xsl:param name="table" as="xs:string"/>
    <xsl:param name="code" as="xs:string?"/>
    <xsl:variable name="row" select="key('f:row', $table || '/' || $code, $tables)"/>
    <xsl:if test="empty($row)">
      <xsl:message terminate="yes" error-code="unknown_code">{f:file($tables)}table '{$table}' has no row for code '{$code}'</xsl:message>
    </xsl:if>
    <xsl:sequence select="$row[1]"/>
  </xsl:function>

  <!-- Which tables they are, for a message; nothing if they have no place. -->
  <xsl:function name="f:file" as="xs:string">
    <xsl:param name="tables" as="document-node()"/>
    <xsl:variable name="uri" select="string(base-uri($tables))"/>
    <xsl:sequence select="if (contains($uri, '/mappings/')) then 'mappings/' || replace($uri, '^.*/mappings/', '') || ': ' else ''"/>
  </xsl:function>

  <xsl:function name="f:has-row" as="xs:boolean">
    <xsl:param name="tables" as="document-node()"/>
    <xsl:param name="table" as="xs:string"/>
    <xsl:param name="code" as="xs:string?"/>
    <xsl:sequence select="exists(key('f:row', $table || '/' || $code, $tables))"/>
  </xsl:function>

  <!-- ISO 3166-1 alpha-2 of a numeric code, with or without leading zeros. -->
  <xsl:function name="f:country-of-number" as="xs:string">
    <xsl:param name="number" as="xs:string"/>
    <xsl:variable name="digits" select="normalize-space($number)"/>
    <xsl:variable name="padded" select="if ($digits castable as xs:integer) then format-integer(xs:integer($digits), '000') else $digits"/>
    <xsl:sequence select="string(f:row($f:codes, 'country-numbers', $padded)/@alpha2)"/>
  </xsl:function>

  <!-- The code if ELMO 1.7 has it; else nothing, and the caller names the rule 'country-not-in-elmo'. -->
  <xsl:function name="f:elmo-country" as="xs:string?">
    <xsl:param name="alpha2" as="xs:string?"/>
    <xsl:variable name="code" select="upper-case(normalize-space($alpha2))"/>
    <xsl:sequence select="$code[f:has-row($f:codes, 'elmo-countries', $code)]"/>
  </xsl:function>

  <!-- ISO 639-1 in lower case; nothing for anything else, since ELMO wants one known language or none. -->
  <xsl:function name="f:language" as="xs:string?">
    <xsl:param name="code" as="xs:string?"/>
    <xsl:variable name="lower" select="lower-case(normalize-space($code))"/>
    <xsl:sequence select="$lower[f:has-row($f:codes, 'languages', $lower)]"/>
  </xsl:function>

  <!-- The same for a code of two or three letters, with or without a region: nld, nl, nl-NL. -->
  <xsl:function name="f:language-of-any-code" as="xs:string?">
    <xsl:param name="code" as="xs:string?"/>
    <xsl:variable name="lower" select="lower-case(tokenize(normalize-space($code), '[-_]')[1])"/>
    <xsl:sequence select="
        if (f:has-row($f:codes, 'language-codes', $lower)) then string(f:row($f:codes, 'language-codes', $lower)/@alpha2)
        else f:language($lower)"/>
  </xsl:function>

  <!-- A decimal without needless zeros: 5.000000 is 5. -->
  <xsl:function name="f:decimal" as="xs:string">
    <xsl:param name="value" as="xs:string"/>
    <xsl:sequence select="string(xs:decimal(normalize-space($value)))"/>
  </xsl:function>

  <!-- A day of the calendar as ELMO writes it: 2024-02-29, without a zone. -->
  <xsl:function name="f:is-date" as="xs:boolean">
    <xsl:param name="text" as="xs:string?"/>
    <xsl:sequence select="$text castable as xs:date and matches($text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')"/>
  </xsl:function>

  <!--
    The birth date inside a Finnish personal identity code (Population Information Decree 128/2010): the sign tells the
    century, the last character is the nine digits modulo 31. Nothing for anything that is no such code: other
    countries' numbers have the same shape, hence the check character.
  -->
  <xsl:function name="f:finnish-birth-date" as="xs:date?">
    <xsl:param name="identifier" as="xs:string?"/>
    <xsl:variable name="code" select="upper-case(normalize-space($identifier))"/>
    <xsl:if test="matches($code, '^[0-9]{6}[+\-A-FU-Y][0-9]{3}[0-9A-Y]$')">
      <xsl:variable name="number" select="xs:integer(substring($code, 1, 6) || substring($code, 8, 3))"/>
      <xsl:variable name="check" select="substring('0123456789ABCDEFHJKLMNPRSTUVWXY', $number mod 31 + 1, 1)"/>
      <xsl:variable name="sign" select="substring($code, 7, 1)"/>
      <xsl:variable name="century"
          select="if ($sign = '+') then '18' else if (contains('-UVWXY', $sign)) then '19' else '20'"/>
      <xsl:variable name="date"
          select="$century || substring($code, 5, 2) || '-' || substring($code, 3, 2) || '-' || substring($code, 1, 2)"/>
      <xsl:sequence select="xs:date($date[$check = substring($code, 11, 1)][. castable as xs:date])"/>
    </xsl:if>
  </xsl:function>
</xsl:stylesheet>
