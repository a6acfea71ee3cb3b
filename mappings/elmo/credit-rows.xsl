<?xml version="1.0" encoding="UTF-8"?>
<!--
  Rows, one for each credit, as the XML form of JSON, to ELMO 1.7: the same for every register whose answer has the
  columns of mappings/registers/sql-view/README.md. Such a register's to-elmo.xsl imports this file and declares the
  variable tables. Owner: the hub; an institution changes code-tables.xml, not this file.
-->
<xsl:stylesheet version="3.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:f="urn:emrexhub:functions:1"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    expand-text="yes"
    exclude-result-prefixes="#all">

  <xsl:import href="functions.xsl"/>

  <!-- ISO date, for issueDate. -->
  <xsl:param name="today" as="xs:string"/>

  <xsl:variable name="rows" as="element(j:map)*" select="/j:array/j:map"/>
  <xsl:variable name="kept" as="element(j:map)*" select="$rows[empty(f:skip-rule(.))]"/>

  <xsl:key name="row" match="j:array/j:map" use="f:column(., 'credit_id')"/>
  <xsl:key name="erasmus" match="j:array/j:map" use="f:column(., 'issuer_erasmus') ! lower-case(.)"/>
  <xsl:key name="part" match="j:array/j:map[empty(f:skip-rule(.))]" use="f:parent(.) ! f:column(., 'credit_id')"/>

  <xsl:mode name="los" on-no-match="fail"/>
  <xsl:mode name="finding" on-no-match="fail"/>

  <xsl:template match="/">
    <xsl:if test="empty($rows)">
      <xsl:message terminate="yes" error-code="learner_not_found">there is no row for this learner</xsl:message>
    </xsl:if>
    <xsl:apply-templates mode="check" select="$rows"/>
    <xsl:variable name="tops" select="$kept[empty(f:parent(.))]"/>
    <hub:result>
      <xsl:call-template name="learner"/>
      <xsl:for-each-group select="$kept" group-by="f:issuer(.)">
        <report>
          <xsl:call-template name="issuer"/>
          <xsl:apply-templates mode="los" select="current-group() intersect $tops"/>
          <issueDate>{$today}T00:00:00Z</issueDate>
          <xsl:call-template name="grading-schemes">
            <xsl:with-param name="rows" select="current-group()"/>
          </xsl:call-template>
        </report>
      </xsl:for-each-group>
      <!-- Counted on the way down the tree, so that a row that never got into it is missed by the hub. -->
      <xsl:for-each select="$tops ! f:with-parts(.)">
        <hub:mapped ref="{f:column(., 'credit_id')}"/>
      </xsl:for-each>
      <xsl:for-each select="$rows except $kept">
        <hub:skipped ref="{f:column(., 'credit_id')}" rule="{f:skip-rule(.)}"/>
      </xsl:for-each>
      <xsl:apply-templates mode="finding" select="$kept"/>
      <xsl:if test="count(distinct-values($rows ! f:names(.))) gt 1">
        <hub:finding rule="names-vary" severity="warning"/>
      </xsl:if>
    </hub:result>
  </xsl:template>

  <!-- What the columns promise and no mapping can mend. Names the column, never a value. -->
  <xsl:template mode="check" match="j:map">
    <xsl:variable name="row" select="."/>
    <xsl:for-each select="('birth_date', 'term_start', 'term_end', 'result_date')">
      <xsl:if test="exists(f:column($row, .)) and not(f:is-date(f:date($row, .)))">
        <xsl:sequence select="f:unreadable(., 'no ISO date')"/>
      </xsl:if>
    </xsl:for-each>
    <xsl:if test="exists(f:column(., 'credits'))
        and not(f:column(., 'credits') castable as xs:decimal and xs:decimal(f:column(., 'credits')) ge 0)">
      <xsl:sequence select="f:unreadable('credits', 'no decimal')"/>
    </xsl:if>
    <xsl:variable name="twin" select="key('row', f:column(., 'credit_id')) except ."/>
    <xsl:if test="exists($twin[not(deep-equal(., $row))])">
      <xsl:message terminate="yes" error-code="register_fault">two different rows share one credit_id</xsl:message>
    </xsl:if>
    <xsl:if test="empty((f:column(., 'issuer_schac'), f:column(., 'issuer_erasmus')))">
      <xsl:sequence select="f:unreadable('issuer_schac', 'empty, and issuer_erasmus too: the issuer is not named')"/>
    </xsl:if>
    <xsl:if test="empty((f:column(., 'title_local'), f:column(., 'title_en'), f:column(., 'los_code')))">
      <xsl:sequence select="f:unreadable('title_local', 'empty, and title_en and los_code too')"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="learner">
    <xsl:variable name="birth-dates" select="distinct-values($rows ! f:date(., 'birth_date'))"/>
    <xsl:if test="count($birth-dates) gt 1">
      <xsl:message terminate="yes" error-code="learner_mismatch">the rows give different birth dates</xsl:message>
    </xsl:if>
    <hub:learner>
      <xsl:for-each select="distinct-values($rows ! f:column(., 'national_id'))">
        <hub:identifier type="nationalIdentifier">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:for-each select="distinct-values($rows ! f:column(., 'esi'))">
        <hub:identifier type="esi">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:for-each select="distinct-values($rows ! f:column(., 'student_no'))">
        <hub:identifier type="studentNumber">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:variable name="named" select="$rows[exists(f:names(.))][1]"/>
      <xsl:for-each select="$named ! f:column(., 'given_names')">
        <hub:givenNames>{.}</hub:givenNames>
      </xsl:for-each>
      <xsl:for-each select="$named ! f:column(., 'family_name')">
        <hub:familyName>{.}</hub:familyName>
      </xsl:for-each>
      <xsl:for-each select="$birth-dates">
        <hub:bday>{.}</hub:bday>
      </xsl:for-each>
      <xsl:for-each select="($rows ! f:column(., 'citizenship2'))[1]">
        <hub:citizenship>{upper-case(.)}</hub:citizenship>
      </xsl:for-each>
    </hub:learner>
  </xsl:template>

  <xsl:template name="issuer">
    <xsl:variable name="rows" select="current-group()"/>
    <issuer>
      <xsl:for-each select="($rows ! f:column(., 'issuer_country'))[1]">
        <country>{upper-case(.)}</country>
      </xsl:for-each>
      <xsl:for-each select="($rows ! f:column(., 'issuer_schac'))[1]">
        <identifier type="schac">{lower-case(.)}</identifier>
      </xsl:for-each>
      <xsl:for-each select="($rows ! f:column(., 'issuer_erasmus'))[1]">
        <identifier type="erasmus">{.}</identifier>
      </xsl:for-each>
      <title>{f:required($rows, 'issuer_title')}</title>
      <url>{f:required($rows, 'issuer_url')}</url>
    </issuer>
  </xsl:template>

  <xsl:template mode="los" match="j:map">
    <xsl:variable name="title" select="f:column(., 'title_local')"/>
    <xsl:variable name="language" select="f:language(f:column(., 'title_lang'))"/>
    <xsl:variable name="english" select="f:column(., 'title_en')[not(. = $title and $language = 'en')]"/>
    <learningOpportunitySpecification>
      <xsl:for-each select="f:column(., 'los_code')">
        <identifier type="local">{.}</identifier>
      </xsl:for-each>
      <xsl:for-each select="$title">
        <title>
          <xsl:if test="$language">
            <xsl:attribute name="xml:lang" select="$language"/>
          </xsl:if>
          <xsl:text>{.}</xsl:text>
        </title>
      </xsl:for-each>
      <xsl:for-each select="$english">
        <title xml:lang="en">{.}</title>
      </xsl:for-each>
      <xsl:if test="empty(($title, $english))">
        <title>{f:column(., 'los_code')}</title>
      </xsl:if>
      <xsl:for-each select="f:type(.)">
        <type>{.}</type>
      </xsl:for-each>
      <xsl:for-each select="f:isced(.)">
        <iscedCode>{.}</iscedCode>
      </xsl:for-each>
      <specifies>
        <xsl:call-template name="loi"/>
      </specifies>
      <xsl:for-each select="key('part', f:column(., 'credit_id'))">
        <hasPart>
          <xsl:apply-templates mode="los" select="."/>
        </hasPart>
      </xsl:for-each>
    </learningOpportunitySpecification>
  </xsl:template>

  <xsl:template name="loi">
    <learningOpportunityInstance>
      <identifier type="local">{f:column(., 'credit_id')}</identifier>
      <xsl:for-each select="f:date(., 'result_date')">
        <date>{.}</date>
      </xsl:for-each>
      <xsl:if test="f:has-term(.)">
        <academicTerm>
          <title>{f:column(., 'term_title')}</title>
          <start>{f:date(., 'term_start')}</start>
          <end>{f:date(., 'term_end')}</end>
        </academicTerm>
      </xsl:if>
      <status>{f:row($tables, 'statuses', lower-case(f:column(., 'result_status')))/@status}</status>
      <xsl:for-each select="f:column(., 'grading_scheme_code')">
        <gradingSchemeLocalId>{.}</gradingSchemeLocalId>
      </xsl:for-each>
      <xsl:for-each select="f:column(., 'result_label')">
        <resultLabel>{.}</resultLabel>
      </xsl:for-each>
      <xsl:if test="exists(f:column(., 'credits'))">
        <credit>
          <scheme>{f:row($tables, 'credit-schemes', lower-case(f:column(., 'credit_scheme')))/@scheme}</scheme>
          <value>{f:decimal(f:column(., 'credits'))}</value>
        </credit>
      </xsl:if>
      <xsl:for-each select="f:column(., 'eqf_level')">
        <level>
          <type>EQF</type>
          <value>{f:row($tables, 'eqf-levels', .)/@code}</value>
        </level>
      </xsl:for-each>
      <xsl:for-each select="f:language(f:column(., 'language2'))">
        <languageOfInstruction>{.}</languageOfInstruction>
      </xsl:for-each>
    </learningOpportunityInstance>
  </xsl:template>

  <xsl:template name="grading-schemes">
    <xsl:param name="rows" as="element(j:map)*"/>
    <xsl:for-each-group select="$rows[f:column(., 'grading_scheme_code')]" group-by="f:column(., 'grading_scheme_code')">
      <gradingScheme localId="{current-grouping-key()}">
        <description>{
          (current-group() ! f:column(., 'grading_scheme_desc'),
           f:row($tables, 'grading-schemes', current-grouping-key())/@description)[1]}</description>
      </gradingScheme>
    </xsl:for-each-group>
  </xsl:template>

  <xsl:template mode="finding" match="j:map">
    <xsl:variable name="row" select="."/>
    <xsl:variable name="named" select="f:named-parent(.)"/>
    <xsl:variable name="warnings" as="xs:string*" select="
        'parent-unknown'[exists(f:column($row, 'parent_credit_id')) and empty($named)],
        'parent-of-other-issuer'[exists($named) and f:issuer($named) ne f:issuer($row)],
        'parent-cycle'[f:in-cycle($row)],
        'title-missing'[empty((f:column($row, 'title_local'), f:column($row, 'title_en')))]"/>
    <xsl:variable name="infos" as="xs:string*" select="
        'term-incomplete'[exists(f:term($row)) and count(f:term($row)) lt 3],
        'term-on-degree'[count(f:term($row)) = 3 and f:type($row) = 'Degree Programme'],
        'language-left-out'[exists(f:column($row, 'language2')) and empty(f:language(f:column($row, 'language2')))],
        'isced-left-out'[exists(f:column($row, 'isced_f')) and empty(f:isced($row))]"/>
    <xsl:for-each select="$warnings, $infos">
      <hub:finding ref="{f:column($row, 'credit_id')}" rule="{.}"
          severity="{if (. = $warnings) then 'warning' else 'info'}"/>
    </xsl:for-each>
  </xsl:template>

  <!-- A column's text; an empty one is as good as null. -->
  <xsl:function name="f:column" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:param name="name" as="xs:string"/>
    <xsl:variable name="cell" select="$row/j:*[@key = $name][not(self::j:null)] ! normalize-space(.)[. ne '']"/>
    <xsl:sequence select="if (exists($cell)) then $cell else f:default($row, $name)"/>
  </xsl:function>

  <!-- What a column holds where the row says nothing; a register may know more by its settings. -->
  <xsl:function name="f:default" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:param name="name" as="xs:string"/>
    <xsl:sequence select="()"/>
  </xsl:function>

  <!-- A date; some databases have only dates with a time, which is then midnight. -->
  <xsl:function name="f:date" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:param name="name" as="xs:string"/>
    <xsl:sequence select="f:column($row, $name) ! replace(., 'T00:00(:00)?$', '')"/>
  </xsl:function>

  <xsl:function name="f:required" as="xs:string?">
    <xsl:param name="rows" as="element(j:map)*"/>
    <xsl:param name="name" as="xs:string"/>
    <xsl:variable name="value" select="($rows ! f:column(., $name))[1]"/>
    <xsl:sequence select="if (exists($value)) then $value else f:unreadable($name, 'empty in all rows of an issuer')"/>
  </xsl:function>

  <xsl:function name="f:unreadable" as="xs:string?">
    <xsl:param name="column" as="xs:string"/>
    <xsl:param name="fault" as="xs:string"/>
    <xsl:message terminate="yes" error-code="answer_unreadable">column {$column} is {$fault}</xsl:message>
  </xsl:function>

  <xsl:function name="f:names" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:variable name="names" select="f:column($row, 'given_names'), f:column($row, 'family_name')"/>
    <xsl:sequence select="string-join($names, '|')[exists($names)]"/>
  </xsl:function>

  <!-- The domain; a row with the Erasmus code alone has that of the rows with the same code, if they agree on one. -->
  <xsl:function name="f:issuer" as="xs:string">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:variable name="schac" select="f:column($row, 'issuer_schac') ! lower-case(.)"/>
    <xsl:variable name="erasmus" select="f:column($row, 'issuer_erasmus') ! lower-case(.)"/>
    <xsl:variable name="domains" as="xs:string*" select="
        if (exists($schac)) then $schac
        else distinct-values($erasmus ! key('erasmus', ., root($row)) ! f:column(., 'issuer_schac') ! lower-case(.))"/>
    <xsl:sequence select="if (count($domains) = 1) then $domains else string($erasmus)"/>
  </xsl:function>

  <xsl:function name="f:skip-rule" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="
        if (exists(key('row', f:column($row, 'credit_id'), root($row))[. &lt;&lt; $row])) then 'duplicate-row'
        else 'recognised-elsewhere'[exists(f:column($row, 'recognised_from'))]"/>
  </xsl:function>

  <xsl:function name="f:named-parent" as="element(j:map)?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="
        (f:column($row, 'parent_credit_id') ! key('row', ., root($row)))[1]"/>
  </xsl:function>

  <xsl:function name="f:in-cycle" as="xs:boolean?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="f:reaches($row, f:named-parent($row), ())"/>
  </xsl:function>

  <!-- No study programme is nested that deep; without an end a long chain of rows would cost hours. -->
  <xsl:variable name="deepest" as="xs:integer" select="50"/>

  <xsl:function name="f:reaches" as="xs:boolean?">
    <xsl:param name="goal" as="element(j:map)"/>
    <xsl:param name="from" as="element(j:map)?"/>
    <xsl:param name="passed" as="element(j:map)*"/>
    <xsl:sequence select="
        if (empty($from) or exists($from intersect $passed)) then false()
        else if ($from is $goal) then true()
        else if (count($passed) ge $deepest) then f:unreadable('parent_credit_id', 'nested too deeply') ! true()
        else f:reaches($goal, f:named-parent($from), ($passed, $from))"/>
  </xsl:function>

  <!-- The row that this one stands in: the nearest above it that is in the document and of the same issuer. -->
  <xsl:function name="f:parent" as="element(j:map)?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:variable name="named" select="f:named-parent($row)[not(f:in-cycle($row))]"/>
    <xsl:sequence select="
        if (empty($named)) then ()
        else if (exists(f:skip-rule($named))) then f:parent($named)[f:issuer(.) eq f:issuer($row)]
        else $named[f:issuer(.) eq f:issuer($row)]"/>
  </xsl:function>

  <xsl:function name="f:with-parts" as="element(j:map)+">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="$row, key('part', f:column($row, 'credit_id'), root($row)) ! f:with-parts(.)"/>
  </xsl:function>

  <xsl:function name="f:type" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="f:column($row, 'los_type') ! string(f:row($tables, 'los-types', lower-case(.))/@type)"/>
  </xsl:function>

  <xsl:function name="f:term" as="xs:string*">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="('term_title', 'term_start', 'term_end') ! f:column($row, .)"/>
  </xsl:function>

  <xsl:function name="f:has-term" as="xs:boolean">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="count(f:term($row)) = 3 and not(f:type($row) = 'Degree Programme')"/>
  </xsl:function>

  <xsl:function name="f:isced" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="f:column($row, 'isced_f')[matches(., '^[0-9]{2,4}$')]"/>
  </xsl:function>
</xsl:stylesheet>
